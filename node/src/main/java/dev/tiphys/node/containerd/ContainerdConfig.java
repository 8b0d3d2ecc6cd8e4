package dev.tiphys.node.containerd;

import dev.tiphys.node.containerd.ContainerdSettings.Cgroups;
import java.util.List;
import java.util.stream.Collectors;

/// The text of containerd's configuration file.
///
/// Everything is below our directory, network namespaces too, so that several can live on one
/// machine and each can be removed as a whole. Plugins that nothing here uses are off: that is a
/// third of the start, and less to go wrong. What we leave alone is containerd's default.
///
/// Containers may bind low ports and send pings without privileges, which newer versions of
/// containerd allow by default and 1.x does not.
///
/// @param mayLowerOomScores whether containers may be protected from the OOM killer better than
///   containerd is; without the right to do so every sandbox would fail
record ContainerdConfig(
    ContainerdProgram program,
    ContainerdFiles files,
    ContainerdSettings settings,
    Snapshotter snapshotter,
    boolean mayLowerOomScores) {

  /// As upstream protects what the node cannot live without.
  private static final int PROTECTED = -999;

  /// Directories elsewhere, snapshotters that need other file systems, restarting and measuring
  /// that is the node agent's business, tracing.
  private static final List<String> UNUSED =
      List.of(
          "internal.v1.opt",
          "internal.v1.restart",
          "internal.v1.tracing",
          "monitor.container.v1.restart",
          "monitor.task.v1.cgroups",
          "monitor.v1.cgroups",
          "snapshotter.v1.aufs",
          "snapshotter.v1.blockfile",
          "snapshotter.v1.btrfs",
          "snapshotter.v1.devmapper",
          "snapshotter.v1.erofs",
          "snapshotter.v1.zfs",
          "tracing.processor.v1.otlp");

  String text() {
    return head() + (program.major() >= 2 ? version3() : version2());
  }

  private String head() {
    return """
        # Written by Tiphys at each start: changes are lost.
        version = %d
        root = %s
        state = %s
        oom_score = %d
        disabled_plugins = [%s]

        [grpc]
          address = %s

        [debug]
          level = "warn"
        """
        .formatted(
            program.major() >= 2 ? 3 : 2,
            quoted(files.root()),
            quoted(files.state()),
            mayLowerOomScores ? PROTECTED : 0,
            disabledPlugins(),
            quoted(files.socket()));
  }

  /// A name that a version does not know does no harm.
  private static String disabledPlugins() {
    return UNUSED.stream()
        .map(plugin -> quoted("io.containerd." + plugin))
        .collect(Collectors.joining(", "));
  }

  private String version2() {
    return """

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = %s
          restrict_oom_score_adj = %b
          netns_mounts_under_state_dir = true
          enable_unprivileged_ports = true
          enable_unprivileged_icmp = true
          [plugins."io.containerd.grpc.v1.cri".containerd]
            %s
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                SystemdCgroup = %b
          [plugins."io.containerd.grpc.v1.cri".cni]
            conf_dir = %s
            bin_dir = %s
          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = %s
        """
        .formatted(
            quoted(settings.pauseImage()),
            !mayLowerOomScores,
            snapshotter.setting(),
            settings.cgroups() == Cgroups.SYSTEMD,
            quoted(settings.cniConfigurations()),
            quoted(settings.cniPlugins()),
            quoted(files.registries()));
  }

  private String version3() {
    return """

        [plugins."io.containerd.cri.v1.images"]
          %s
          [plugins."io.containerd.cri.v1.images".pinned_images]
            sandbox = %s
          [plugins."io.containerd.cri.v1.images".registry]
            config_path = %s

        [plugins."io.containerd.cri.v1.runtime"]
          restrict_oom_score_adj = %b
          netns_mounts_under_state_dir = true
          enable_unprivileged_ports = true
          enable_unprivileged_icmp = true
          [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
              SystemdCgroup = %b
          [plugins."io.containerd.cri.v1.runtime".cni]
            conf_dir = %s
            bin_dir = %s

        [plugins."io.containerd.nri.v1.nri"]
          disable = true
        """
        .formatted(
            snapshotter.setting(),
            quoted(settings.pauseImage()),
            quoted(files.registries()),
            !mayLowerOomScores,
            settings.cgroups() == Cgroups.SYSTEMD,
            quoted(settings.cniConfigurations()),
            quoted(settings.cniPlugins()));
  }

  private static String quoted(Object value) {
    return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
