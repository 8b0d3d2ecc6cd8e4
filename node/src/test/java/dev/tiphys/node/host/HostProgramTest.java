package dev.tiphys.node.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostProgramTest {

  @Test
  void aProgramReadsAndAnswers() throws Exception {
    HostProgram sh = Objects.requireNonNull(HostProgram.find("sh"));

    HostProgram.Result result = sh.runWithInput("hello", "-c", "cat; echo ' there' >&2; exit 3");

    assertThat(result.output()).isEqualTo("hello there\n");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.succeeded()).isFalse();
  }

  @Test
  void aProgramThatIsNotInstalledIsNotFound() {
    assertThat(HostProgram.find("no-such-program")).isNull();
  }
}
