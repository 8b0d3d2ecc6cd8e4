package dev.tiphys.node.volumes.csi;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.volumes.ledger.Digests;
import java.nio.file.Path;

/// Where drivers put volumes. The names are upstream's: drivers rely on them.
record CsiPaths(PodDirectories directories) {
  static final String PLUGIN = "kubernetes.io~csi";
  static final String DATA = "vol_data.json";

  private Path root() {
    return directories.plugin("kubernetes.io/csi");
  }

  private Path devices() {
    return root().resolve("volumeDevices");
  }

  /// Where a volume is staged.
  Path staging(String driver, String handle, String name, boolean block) {
    return block
        ? devices().resolve("staging").resolve(name)
        : root().resolve(driver).resolve(Digests.sha256(handle)).resolve("globalmount");
  }

  /// Where a volume is published for a Pod.
  Path target(String uid, String name, boolean block) {
    return block
        ? devices().resolve("publish").resolve(name).resolve(uid)
        : directories.volume(uid, PLUGIN, name).resolve("mount");
  }

  /// The directory of the file that tells what is staged.
  Path stagingData(Path staging, String name, boolean block) {
    return block ? devices().resolve(name).resolve("data") : staging.resolveSibling("");
  }

  /// The device as the Pod has it: a link.
  Path link(String uid, String name) {
    return directories.device(uid, PLUGIN, name);
  }
}
