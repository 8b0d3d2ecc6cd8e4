import org.jspecify.annotations.NullMarked;

/// The node agent: it runs containers, and keeps what belongs to them.
@NullMarked
module dev.tiphys.node {
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires transitive dev.tiphys.client;
  requires transitive dev.tiphys.cri;
  requires transitive dev.tiphys.csi;
  requires transitive dev.tiphys.http;
  requires dev.tiphys.pki;
  requires transitive dev.tiphys.world;

  exports dev.tiphys.node.agent;
  exports dev.tiphys.node.cni;
  exports dev.tiphys.node.containerd;
  exports dev.tiphys.node.cri;
  exports dev.tiphys.node.devices;
  exports dev.tiphys.node.eviction;
  exports dev.tiphys.node.host;
  exports dev.tiphys.node.images;
  exports dev.tiphys.node.logs;
  exports dev.tiphys.node.machine;
  exports dev.tiphys.node.runtime;
  exports dev.tiphys.node.runtime.spec;
  exports dev.tiphys.node.server;
  exports dev.tiphys.node.settings;
  exports dev.tiphys.node.volumes;
  exports dev.tiphys.node.volumes.csi;
  exports dev.tiphys.node.volumes.usage;
  exports dev.tiphys.node.simulated;
}
