import org.jspecify.annotations.NullMarked;

/// The service network: proxy, DNS, policy, load balancers, HTTP routes, and the network between
/// nodes.
@NullMarked
module dev.tiphys.network {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.http;
  requires dev.tiphys.pki;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires org.apache.commons.codec;
  requires re2j;
  requires transitive dev.tiphys.world;

  exports dev.tiphys.network;
  exports dev.tiphys.network.conntrack;
  exports dev.tiphys.network.dns;
  exports dev.tiphys.network.health;
  exports dev.tiphys.network.hostports;
  exports dev.tiphys.network.gatewayapi;
  exports dev.tiphys.network.ingress;
  exports dev.tiphys.network.istio;
  exports dev.tiphys.network.istio.metrics;
  exports dev.tiphys.network.istio.validation;
  exports dev.tiphys.network.links;
  exports dev.tiphys.network.loadbalancer;
  exports dev.tiphys.network.mesh;
  exports dev.tiphys.network.netlink;
  exports dev.tiphys.network.nftables;
  exports dev.tiphys.network.pods;
  exports dev.tiphys.network.policy;
  exports dev.tiphys.network.proxy;
  exports dev.tiphys.network.router.backends;
  exports dev.tiphys.network.router.filters;
  exports dev.tiphys.network.router.listeners;
  exports dev.tiphys.network.router.log;
  exports dev.tiphys.network.router.proxy;
  exports dev.tiphys.network.router.table;
  exports dev.tiphys.network.router.tls;
}
