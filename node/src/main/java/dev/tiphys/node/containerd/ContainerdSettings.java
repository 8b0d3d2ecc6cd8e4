package dev.tiphys.node.containerd;

import java.nio.file.Path;

/// How our containerd is to be.
///
/// @param data the node's data directory; everything goes below its `containerd`
/// @param pauseImage the image that sandboxes are made of
/// @param cniConfigurations the directory with the network configuration
/// @param cniPlugins the directory with the network plugins
/// @param cgroups what manages cgroups; must be the same for the node agent
public record ContainerdSettings(
    Path data, String pauseImage, Path cniConfigurations, Path cniPlugins, Cgroups cgroups) {

  /// What manages cgroups.
  public enum Cgroups {
    /// Any program, through their files.
    CGROUPFS,
    /// systemd.
    SYSTEMD
  }
}
