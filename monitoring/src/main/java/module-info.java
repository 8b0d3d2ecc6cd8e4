import org.jspecify.annotations.NullMarked;

/// Monitoring: Prometheus and what it scrapes, and what nodes and Pods use as an API.
@NullMarked
module dev.tiphys.monitoring {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires transitive dev.tiphys.http;
  requires transitive dev.tiphys.world;
  requires dev.tiphys.pki;
  requires dev.tiphys.template;
  requires java.net.http;
  requires re2j;

  exports dev.tiphys.monitoring;
  exports dev.tiphys.monitoring.adapter;
  exports dev.tiphys.monitoring.explanation;
  exports dev.tiphys.monitoring.metricsapi;
  exports dev.tiphys.monitoring.model;
  exports dev.tiphys.monitoring.program;
  exports dev.tiphys.monitoring.query;
  exports dev.tiphys.monitoring.state;
  exports dev.tiphys.monitoring.usage;
}
