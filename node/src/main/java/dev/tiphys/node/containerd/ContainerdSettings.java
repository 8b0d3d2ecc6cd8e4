package dev.tiphys.node.containerd;

import java.nio.file.Path;

/// How our containerd is to be.
///
/// @param data the node's data directory; everything goes below its `containerd`
/// @param pauseImage the image that sandboxes are made of
/// @param cniConfigurations the directory with the network configuration
/// @param cniPlugins the directory with the network plugins
/// @param cgroups who manages cgroups; must be what the node agent thinks
public record ContainerdSettings(
    Path data, String pauseImage, Path cniConfigurations, Path cniPlugins, Cgroups cgroups) {

  /// Who manages cgroups.
  public enum Cgroups {
    /// Whoever writes to their files.
    CGROUPFS,
    /// systemd.
    SYSTEMD
  }
}
