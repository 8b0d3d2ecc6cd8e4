package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.apiserver.streaming.AnyPeer;
import dev.tiphys.apiserver.streaming.NodeAgents;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.List;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLContext;

/// `pods/proxy`, `services/proxy`, `nodes/proxy`: passes requests on to what answers for an object,
/// and its answers back.
///
/// Threads: any.
public final class ProxyConnector implements Connectors.Connector {

  private final World world;
  private final Locator locator;

  private ProxyConnector(World world, Locator locator) {
    this.world = world;
    this.locator = locator;
  }

  /// Adds those of all resources that are proxied.
  ///
  /// @param objects where endpoints and Pods are found
  /// @param own whether at an address (`host:port`) a part of this process is reached that is meant
  ///   by a Service
  public static void addTo(
      Connectors connectors,
      World world,
      Lookup objects,
      NodeAgents agents,
      BiPredicate<ObjectKey, String> own) {
    SSLContext tls = AnyPeer.context();
    connectors
        .add("pods/proxy", new ProxyConnector(world, new PodLocator(tls)))
        .add(
            "services/proxy",
            new ProxyConnector(world, new ServiceLocator(objects, world.random(), tls, own)))
        .add("nodes/proxy", new ProxyConnector(world, new NodeLocator(agents, tls)));
  }

  @Override
  public void connect(ResourceRequest request) {
    Backend backend = locator.locate(request);
    ProxiedPath path = ProxiedPath.of(request);
    Exchange exchange = request.exchange();
    boolean bare = path.path().isEmpty() && isReading(exchange) && !Relay.isUpgrade(exchange);
    try {
      if (bare) {
        // relative links of the answer would lead elsewhere
        String query = path.query().isEmpty() ? "" : "?" + path.query();
        request.response().sendEmpty(301, new Header("Location", path.prefix() + "/" + query));
        return;
      }
      Links links = new Links(path.prefix(), backend.authority(), exchange.authority());
      List<Header> more =
          Relay.isUpgrade(exchange)
              ? List.of()
              : List.of(new Header("X-Forwarded-Uri", path.forwarded()));
      new Relay(world, request.response(), backend, links).pass(path.target(), more);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isReading(Exchange exchange) {
    return exchange.method().equals("GET") || exchange.method().equals("HEAD");
  }
}
