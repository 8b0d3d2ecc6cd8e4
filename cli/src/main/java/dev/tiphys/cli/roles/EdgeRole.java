package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.gatewayapi.GatewayApi;
import dev.tiphys.network.gatewayapi.GatewayResources;
import dev.tiphys.network.ingress.IngressController;
import dev.tiphys.network.ingress.IngressMetrics;
import dev.tiphys.network.ingress.IngressSettings;
import dev.tiphys.network.ingress.IngressStatus;
import dev.tiphys.network.ingress.Ingresses;
import dev.tiphys.network.istio.VirtualServices;
import dev.tiphys.network.loadbalancer.LocalAddresses;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.EdgeNodes;
import dev.tiphys.network.router.listeners.EdgeNotice;
import dev.tiphys.network.router.listeners.NodePlaces;
import dev.tiphys.network.router.log.AccessLog;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The HTTP engine of this node, with the ports by which clients reach what is served in the
/// cluster, and what feeds it.
///
/// Threads: any.
public final class EdgeRole implements AutoCloseable {

  /// The user that follows Ingresses.
  public static final String USER = "system:tiphys:ingress";

  /// What it is called in requests at a node that has joined.
  public static final String PROGRAM = "tiphys-edge";

  /// The user that follows the Gateway API.
  public static final String GATEWAY_USER = "system:tiphys:gateway";

  /// What that is called in requests.
  public static final String GATEWAY_PROGRAM = "tiphys-gateway";

  private static final String CERTIFICATE = "Kubernetes Ingress Controller Fake Certificate";

  private static final Duration GRACE = Duration.ofSeconds(2);

  private final World world;
  private final IngressMetrics metrics;
  private final LocalAddresses local;
  private final List<InetAddress> node;
  private final HttpRouter router;
  private final Edge edge;
  private final Observer log;
  private final Closeables feeders = new Closeables();
  private volatile Observer also = Observer.NONE;

  private EdgeRole(
      World world,
      IngressMetrics metrics,
      LocalAddresses local,
      NetworkSettings node,
      LocalAddresses.Shared addresses,
      Observer log) {
    this.log = log;
    this.world = world;
    this.metrics = metrics;
    this.local = local;
    this.node = node.addresses();
    this.router =
        new HttpRouter(
            world,
            RouterSettings.usual(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)),
            this::ended);
    this.edge =
        new Edge(
            world,
            router,
            new NodePlaces(
                node.addresses(),
                () -> {
                  local.add(addresses.edge());
                  return addresses.edge();
                },
                local::isOfService),
            this::certificate,
            List.of(IngressController.FEEDER, GatewayApi.FEEDER, VirtualServices.FEEDER));
    local.onChange(edge::review);
  }

  /// Starts the engine. No port is open before something is served there.
  ///
  /// @param api as the service proxy sees it
  /// @param addresses for what can't have the node's own ones
  /// @param accessLog where requests are logged; null for nowhere
  /// @throws CliException if the node's addresses can't be had, or the log can't be written
  public static EdgeRole start(
      World world,
      Api api,
      NetworkSettings node,
      LocalAddresses.Shared addresses,
      @Nullable Path accessLog)
      throws InterruptedException {
    try {
      Observer log = accessLog == null ? Observer.NONE : AccessLog.to(world, accessLog);
      LocalAddresses local = new LocalAddresses(world, api, node, addresses.pool());
      EdgeRole role = new EdgeRole(world, new IngressMetrics(), local, node, addresses, log);
      local.start();
      local.awaitSynced();
      return role;
    } catch (IOException e) {
      throw new CliException("cannot serve HTTP from outside: " + e.getMessage(), e);
    }
  }

  /// What clients are shown that ask for a host without a certificate.
  private TlsSettings certificate() {
    Credential own = Authority.found(world, CERTIFICATE).credential();
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  private void ended(Observer.Served request) {
    metrics.ended(request);
    also.ended(request);
    log.ended(request);
  }

  /// Has another one told of requests, too.
  public void observe(Observer other) {
    also = other;
  }

  /// The ports.
  public Edge edge() {
    return edge;
  }

  /// Whether a port of the node's own addresses is one of the edge's.
  public boolean isAtNode(int port) {
    return node.stream().anyMatch(each -> edge.isAt(each, port));
  }

  /// The engine.
  public HttpRouter router() {
    return router;
  }

  /// Serves Ingresses.
  ///
  /// @param api as what follows them sees it
  public Ingresses serveIngresses(Api api) {
    return feeders.add(Ingresses.start(world, api, edge, IngressSettings.USUAL));
  }

  /// What tells in the status of Ingresses where they are served; started, and not closed with
  /// this.
  public IngressStatus tellAddresses(Api api) {
    IngressStatus status = new IngressStatus(world, api, edge, IngressSettings.USUAL);
    status.start();
    return status;
  }

  /// Serves the Gateway API.
  ///
  /// @param api as what follows it sees it
  public GatewayApi serveGateways(Api api) {
    feeders.add(GatewayResources.defaults(world, api).start());
    GatewayApi gateways = feeders.add(new GatewayApi(world, api, edge));
    gateways.start();
    return gateways;
  }

  /// Serves what another node of the cluster serves, too.
  ///
  /// @param api with the rights of `system:tiphys:edge`
  /// @param ingresses whether Ingresses
  /// @param gateways whether the Gateway API
  public void join(Api api, boolean ingresses, boolean gateways) {
    if (ingresses) {
      feeders.add(Ingresses.besideAnother(world, api, edge, IngressSettings.USUAL));
    }
    if (gateways) {
      GatewayApi served = feeders.add(new GatewayApi(world, api, edge));
      served.start();
    }
  }

  /// Tells the cluster where this node serves the edge.
  ///
  /// @param api as the node sees it
  public void tellOthers(Api api, String name) {
    EdgeNotice notice = feeders.add(new EdgeNotice(world, api, name, node, edge));
    notice.start();
  }

  /// Follows which other nodes serve the edge.
  ///
  /// @param api that sees the nodes
  public void followOthers(Api api, String name) {
    EdgeNodes nodes = feeders.add(new EdgeNodes(world, api, name, edge));
    nodes.start();
  }

  /// What is counted of requests.
  public void write(Exposition out) {
    metrics.write(out);
  }

  @Override
  public void close() {
    feeders.close();
    edge.close();
    router.close(GRACE);
    if (log instanceof AccessLog file) {
      file.close();
    }
    local.close();
  }
}
