import org.jspecify.annotations.NullMarked;

/// The API server.
@NullMarked
module dev.tiphys.apiserver {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.grpc;
  requires transitive dev.tiphys.http;
  requires transitive dev.tiphys.metrics;
  requires transitive dev.tiphys.store;
  requires dev.tiphys.cel;
  requires dev.tiphys.descriptions;
  requires transitive dev.tiphys.pki;
  requires java.naming;
  requires java.net.http;

  exports dev.tiphys.apiserver;
  exports dev.tiphys.apiserver.admission;
  exports dev.tiphys.apiserver.allocation;
  exports dev.tiphys.apiserver.audit;
  exports dev.tiphys.apiserver.authentication;
  exports dev.tiphys.apiserver.authentication.jwt;
  exports dev.tiphys.apiserver.authentication.serviceaccount;
  exports dev.tiphys.apiserver.authorization.config;
  exports dev.tiphys.apiserver.authorization.webhook;
  exports dev.tiphys.apiserver.bootstrap;
  exports dev.tiphys.apiserver.discovery;
  exports dev.tiphys.apiserver.encryption;
  exports dev.tiphys.apiserver.flow;
  exports dev.tiphys.apiserver.http;
  exports dev.tiphys.apiserver.request;
  exports dev.tiphys.apiserver.table;

  opens dev.tiphys.apiserver.bootstrap to
      dev.tiphys.world;
  opens dev.tiphys.apiserver.fairness to
      dev.tiphys.world;
}
