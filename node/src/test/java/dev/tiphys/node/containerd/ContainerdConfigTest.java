package dev.tiphys.node.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.containerd.ContainerdSettings.Cgroups;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ContainerdConfigTest {

  private static final ContainerdProgram ONE =
      new ContainerdProgram(
          Path.of("/usr/bin/containerd"), Path.of("/usr/bin/setsid"), 1, 6, "1.6.20");
  private static final ContainerdProgram TWO =
      new ContainerdProgram(
          Path.of("/usr/bin/containerd"), Path.of("/usr/bin/setsid"), 2, 1, "v2.1.0");

  @Test
  void version1IsConfiguredInItsForm() {
    assertThat(text(ONE, Cgroups.CGROUPFS, true))
        .contains("version = 2\n")
        .contains("root = \"/data/containerd/root\"\n")
        .contains("state = \"/data/containerd/state\"\n")
        .contains("address = \"/data/containerd/containerd.sock\"\n")
        .contains("[plugins.\"io.containerd.grpc.v1.cri\"]\n")
        .contains("sandbox_image = \"pause:1\"\n")
        .contains("snapshotter = \"overlayfs\"\n")
        .contains("SystemdCgroup = false\n")
        .contains("conf_dir = \"/data/cni/net.d\"\n")
        .contains("bin_dir = \"/usr/lib/cni\"\n");
  }

  @Test
  void version2IsConfiguredInItsForm() {
    assertThat(text(TWO, Cgroups.SYSTEMD, true))
        .contains("version = 3\n")
        .contains("sandbox = \"pause:1\"\n")
        .contains("[plugins.\"io.containerd.cri.v1.runtime\"]\n")
        .contains("snapshotter = \"overlayfs\"\n")
        .contains("SystemdCgroup = true\n")
        .contains("conf_dir = \"/data/cni/net.d\"\n")
        .doesNotContain("io.containerd.grpc.v1.cri");
  }

  @Test
  void whatNobodyUsesIsOff() {
    assertThat(text(ONE, Cgroups.CGROUPFS, true))
        .containsPattern("disabled_plugins = .*\"io.containerd.snapshotter.v1.zfs\"");
    assertThat(text(TWO, Cgroups.CGROUPFS, true))
        .contains("[plugins.\"io.containerd.nri.v1.nri\"]\n  disable = true\n");
  }

  @Test
  void oomScoresAreOnlyLoweredWhereThatIsAllowed() {
    assertThat(text(ONE, Cgroups.CGROUPFS, true))
        .contains("restrict_oom_score_adj = false\n")
        .contains("oom_score = -999\n");
    assertThat(text(ONE, Cgroups.CGROUPFS, false))
        .contains("restrict_oom_score_adj = true\n")
        .contains("oom_score = 0\n");
    assertThat(text(TWO, Cgroups.CGROUPFS, false)).contains("restrict_oom_score_adj = true\n");
  }

  @Test
  void namesWithQuotesStayNames() {
    ContainerdSettings settings =
        new ContainerdSettings(
            Path.of("/data"), "pause:1", Path.of("/a\"b\\c"), Path.of("/p"), Cgroups.CGROUPFS);

    assertThat(
            new ContainerdConfig(
                    ONE, ContainerdFiles.below(settings.data()), settings, Snapshotter.NATIVE, true)
                .text())
        .contains("conf_dir = \"/a\\\"b\\\\c\"\n")
        .contains("snapshotter = \"native\"\n");
  }

  private static String text(ContainerdProgram program, Cgroups cgroups, boolean mayLower) {
    ContainerdSettings settings =
        new ContainerdSettings(
            Path.of("/data"),
            "pause:1",
            Path.of("/data/cni/net.d"),
            Path.of("/usr/lib/cni"),
            cgroups);
    return new ContainerdConfig(
            program,
            ContainerdFiles.below(settings.data()),
            settings,
            Snapshotter.OVERLAYFS,
            mayLower)
        .text();
  }
}
