import org.jspecify.annotations.NullMarked;

/// Volumes on the disks of nodes: a storage driver, and what makes volumes of claims with it.
@NullMarked
module dev.tiphys.storage {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires transitive dev.tiphys.csi;
  requires transitive dev.tiphys.world;

  exports dev.tiphys.storage;
  exports dev.tiphys.storage.driver;
  exports dev.tiphys.storage.host;
  exports dev.tiphys.storage.provisioner;
  exports dev.tiphys.storage.resizer;
  exports dev.tiphys.storage.sidecar;
  exports dev.tiphys.storage.snapshotter;
  exports dev.tiphys.storage.volumes;
}
