package dev.tiphys.node.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ContainerdProgramTest {

  private static final Path PATH = Path.of("/usr/bin/containerd");
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  @Test
  void debiansVersionIsRead() throws Exception {
    assertThat(
            ContainerdProgram.of(
                PATH,
                SETSID,
                "containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u1\n"))
        .isEqualTo(new ContainerdProgram(PATH, SETSID, 1, 6, "1.6.20~ds1"));
  }

  @Test
  void upstreamsVersionIsRead() throws Exception {
    assertThat(
            ContainerdProgram.of(
                PATH,
                SETSID,
                "containerd github.com/containerd/containerd/v2 v2.1.0 061792f0ecf3\n"))
        .isEqualTo(new ContainerdProgram(PATH, SETSID, 2, 1, "v2.1.0"));
  }

  @Test
  void whatSpeaksNoCurrentCriIsTooOld() {
    assertThatThrownBy(
            () ->
                ContainerdProgram.of(
                    PATH,
                    SETSID,
                    "containerd github.com/containerd/containerd v1.5.9 1407cab509ff"))
        .isInstanceOfSatisfying(
            ContainerdException.class,
            e -> assertThat(e.reason()).isEqualTo(ContainerdException.Reason.TOO_OLD))
        .hasMessage("containerd v1.5.9 (/usr/bin/containerd) is too old: install 1.6 or later");
  }

  @Test
  void somethingElseOfThatNameIsRefused() {
    assertThatThrownBy(() -> ContainerdProgram.of(PATH, SETSID, "usage: containerd\n"))
        .hasMessage("/usr/bin/containerd --version gave no version: usage: containerd");
  }
}
