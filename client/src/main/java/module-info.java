import org.jspecify.annotations.NullMarked;

/// How every part sees the cluster, and nothing else of it: the API, and what controllers are built
/// from.
@NullMarked
module dev.tiphys.client {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.metrics;
  requires transitive dev.tiphys.object;
  requires transitive dev.tiphys.schema;
  requires transitive dev.tiphys.world;
  requires dev.tiphys.pki;
  requires transitive java.net.http;

  exports dev.tiphys.client;
  exports dev.tiphys.client.access;
  exports dev.tiphys.client.controller;
  exports dev.tiphys.client.defaults;
  exports dev.tiphys.client.features;
  exports dev.tiphys.client.http;
  exports dev.tiphys.client.leader;
  exports dev.tiphys.client.outbound;
  exports dev.tiphys.client.placement;

  opens dev.tiphys.client.features to
      dev.tiphys.world;
}
