import org.jspecify.annotations.NullMarked;

/// What the cluster uses: metrics of nodes and Pods as an API.
@NullMarked
module dev.tiphys.monitoring {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires transitive dev.tiphys.http;
  requires transitive dev.tiphys.world;
  requires dev.tiphys.pki;

  exports dev.tiphys.monitoring.metricsapi;
  exports dev.tiphys.monitoring.usage;
}
