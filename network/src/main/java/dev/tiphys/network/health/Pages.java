package dev.tiphys.network.health;

import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.Response;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.network.LiveChanges;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The proxy's pages: `/healthz`, `/livez` and [LiveChanges#PAGE] for everybody, `/metrics` and
/// `/proxyMode` for this machine.
///
/// Threads: any.
public final class Pages implements AutoCloseable {

  /// Where upstream's proxy has its health pages.
  public static final InetSocketAddress HEALTH = new InetSocketAddress("0.0.0.0", 10256);

  /// Where upstream's proxy has its metrics.
  public static final InetSocketAddress METRICS = new InetSocketAddress("127.0.0.1", 10249);

  private static final System.Logger LOG = System.getLogger(Pages.class.getName());
  private static final int LARGEST_CONTENT = 1024;

  private final ProxyHealth health;
  private final ProxyMetrics metrics;
  private final LiveChanges changes;
  private final List<HttpServer> servers = new ArrayList<>();

  public Pages(ProxyHealth health, ProxyMetrics metrics, LiveChanges changes) {
    this.health = health;
    this.metrics = metrics;
    this.changes = changes;
  }

  /// Begins to answer. A place that another process has, as the proxy of another cluster of this
  /// machine, is replaced by a free one.
  ///
  /// @return where the health pages and the metrics are
  /// @throws IOException if no place can be had
  public List<InetSocketAddress> listen(
      World world, InetSocketAddress healthAt, InetSocketAddress metricsAt) throws IOException {
    return List.of(
        listen(world, "health", this::health, healthAt),
        listen(world, "metrics", this::metrics, metricsAt));
  }

  private InetSocketAddress listen(
      World world, String what, HttpHandler handler, InetSocketAddress at) throws IOException {
    HttpServer server = new HttpServer(world, handler, LARGEST_CONTENT);
    servers.add(server);
    try {
      return server.listen(at);
    } catch (IOException e) {
      InetSocketAddress free = server.listen(new InetSocketAddress(at.getAddress(), 0));
      LOG.log(
          Level.INFO,
          "another process has the usual port of a page of the proxy: page={0} usual={1} port={2}",
          what,
          Integer.toString(at.getPort()),
          Integer.toString(free.getPort()));
      return free;
    }
  }

  private void health(Exchange exchange) {
    ProxyHealth.Report report = health.report();
    switch (exchange.path()) {
      case "/healthz" -> {
        boolean well = report.healthy() && report.eligible();
        metrics.asked("healthz", well ? 200 : 503);
        exchange.respond(
            json(
                well,
                List.of(),
                "{\"lastUpdated\": \"%s\",\"currentTime\": \"%s\", \"nodeEligible\": %s}"
                    .formatted(report.lastUpdated(), report.now(), report.eligible())));
      }
      case "/livez" -> {
        metrics.asked("livez", report.healthy() ? 200 : 503);
        exchange.respond(
            json(
                report.healthy(),
                List.of(),
                "{\"lastUpdated\": \"%s\",\"currentTime\": \"%s\"}"
                    .formatted(report.lastUpdated(), report.now())));
      }
      case LiveChanges.PAGE -> exchange.respond(changes.page(exchange.query(), report.now()));
      default -> exchange.respond(text(404, "404 page not found\n"));
    }
  }

  private void metrics(Exchange exchange) {
    exchange.respond(
        switch (exchange.path()) {
          case "/metrics" ->
              Response.of(
                  200,
                  "text/plain; version=0.0.4; charset=utf-8",
                  metrics.page().getBytes(StandardCharsets.UTF_8));
          case "/proxyMode" -> text(200, "nftables");
          case "/healthz" -> text(200, "ok");
          default -> text(404, "404 page not found\n");
        });
  }

  private static Response text(int status, String content) {
    return Response.of(
        status, "text/plain; charset=utf-8", content.getBytes(StandardCharsets.UTF_8));
  }

  static Response json(boolean well, List<Header> more, String content) {
    List<Header> headers = new ArrayList<>(more);
    headers.add(new Header("content-type", "application/json"));
    headers.add(new Header("x-content-type-options", "nosniff"));
    return new Response(
        well ? 200 : 503, headers, Body.of(content.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    servers.forEach(HttpServer::close);
  }
}
