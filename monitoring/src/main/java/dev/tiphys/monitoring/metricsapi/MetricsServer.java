package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.monitoring.usage.Scraper;
import dev.tiphys.monitoring.usage.Usages;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Serves `metrics.k8s.io`, for `kubectl top` and autoscalers.
///
/// Nothing is stored: after a start, what nodes use is known after two looks at them.
///
/// Threads: any.
public final class MetricsServer implements AutoCloseable {

  /// How often nodes are usually asked.
  public static final Duration PERIOD = Duration.ofSeconds(15);

  private static final int NO_CONTENT = 0;

  private final Informer nodes;
  private final Informer pods;
  private final Scraper scraper;
  private final HttpServer http;

  /// @param agents how nodes are asked
  /// @param proxy which clients are answered
  /// @param period how often nodes are asked
  public MetricsServer(
      World world, Api api, Scraper.NodeAgents agents, FrontProxy proxy, Duration period) {
    this.nodes = new Informer(world, api, ApiResource.NODES);
    this.pods =
        new Informer(
            world, api, ApiResource.PODS, "", ListOptions.withFields("status.phase=Running"));
    Usages usages = new Usages(period);
    this.scraper = new Scraper(world, nodes, agents, usages, period);
    this.http =
        new HttpServer(
            world, new MetricsApi(new UsageObjects(world, usages, nodes, pods), proxy), NO_CONTENT);
  }

  /// Shows a certificate from now on, and asks clients for one.
  ///
  /// @param tls the server's own certificate, and the authorities of its clients
  public void secure(TlsSettings tls) {
    http.secure(tls);
  }

  /// Begins to listen, and to ask nodes.
  ///
  /// @param address port 0 for any that is free
  /// @return where it listens
  /// @throws IOException if it can't
  public InetSocketAddress start(InetSocketAddress address) throws IOException {
    InetSocketAddress bound = http.listen(address);
    nodes.start();
    pods.start();
    scraper.start();
    return bound;
  }

  @Override
  public void close() {
    scraper.close();
    nodes.close();
    pods.close();
    http.close();
  }
}
