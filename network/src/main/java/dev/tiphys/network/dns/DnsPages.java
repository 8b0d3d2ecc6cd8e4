package dev.tiphys.network.dns;

import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.Response;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.network.LiveChanges;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The pages of the DNS: `/health`, `/ready`, `/metrics` and [LiveChanges#PAGE].
///
/// Threads: any.
final class DnsPages implements AutoCloseable {

  private static final int LARGEST_CONTENT = 1 << 10;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final int port;

  /// Begins to listen.
  ///
  /// @param wanted the port; another one is taken if it is not free
  /// @throws IOException if there is none
  DnsPages(
      World world,
      InetAddress address,
      int wanted,
      BooleanSupplier ready,
      Supplier<String> metrics,
      LiveChanges changes)
      throws IOException {
    HttpHandler handler =
        exchange ->
            exchange.respond(
                exchange.path().equals(LiveChanges.PAGE)
                    ? changes.page(exchange.query(), world.now())
                    : page(exchange.path(), ready, metrics));
    this.server = new HttpServer(world, handler, LARGEST_CONTENT);
    this.port = listen(server, address, wanted);
  }

  private static int listen(HttpServer server, InetAddress address, int wanted) throws IOException {
    try {
      return server.listen(new InetSocketAddress(address, wanted)).getPort();
    } catch (IOException e) {
      try {
        return server.listen(new InetSocketAddress(address, 0)).getPort();
      } catch (IOException none) {
        server.close();
        throw none;
      }
    }
  }

  private static Response page(String path, BooleanSupplier ready, Supplier<String> metrics) {
    boolean isReady = ready.getAsBoolean();
    return switch (path) {
      case "/health" -> page(200, TEXT, "OK");
      case "/ready" -> page(isReady ? 200 : 503, TEXT, isReady ? "OK" : "kubernetes");
      case "/metrics" -> page(200, METRICS, metrics.get());
      default -> page(404, TEXT, "404 page not found\n");
    };
  }

  private static Response page(int status, String type, String text) {
    return Response.of(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    server.close();
  }
}
