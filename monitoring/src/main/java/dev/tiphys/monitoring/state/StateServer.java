package dev.tiphys.monitoring.state;

import dev.tiphys.client.Api;
import dev.tiphys.client.access.PathAccess;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Serves [ClusterState] at `/metrics`, to clients whose bearer token the API server knows, and
/// that may get that path: what all namespaces have in them is not for every Pod. Health pages are
/// open.
///
/// Threads: any.
public final class StateServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(StateServer.class.getName());
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final int NO_CONTENT = 0;

  /// Less than Prometheus waits for a page.
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final ClusterState state;
  private final PathAccess access;
  private final HttpServer http;

  /// @param api that may list and watch what is told of, and review tokens and rights
  public StateServer(World world, Api api) {
    this.state = new ClusterState(world, api);
    this.access = new PathAccess(api);
    this.http = new HttpServer(world, this::answer, NO_CONTENT);
  }

  /// Shows a certificate from now on.
  public void secure(TlsSettings tls) {
    http.secure(tls);
  }

  /// Begins to listen.
  ///
  /// @param address port 0 for any that is free
  /// @return where it listens
  /// @throws IOException if it can't
  public InetSocketAddress start(InetSocketAddress address) throws IOException {
    return http.listen(address);
  }

  private void answer(Exchange exchange) {
    switch (exchange.path()) {
      case "/healthz", "/livez", "/readyz" -> exchange.respond(text(200, "OK"));
      case "/metrics" -> guarded(exchange);
      default -> exchange.respond(text(404, "404 page not found\n"));
    }
  }

  private static Response text(int status, String text) {
    return Response.of(status, PLAIN, text.getBytes(StandardCharsets.UTF_8));
  }

  private void guarded(Exchange exchange) {
    try {
      access.require(access.user(exchange.header("authorization")), "/metrics");
      metrics(exchange);
    } catch (ApiException e) {
      exchange.respond(Response.of(e.code(), "application/json", Json.bytes(e.status())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void metrics(Exchange exchange) throws InterruptedException {
    ClusterState.Page page = state.page(PATIENCE);
    if (page == null) {
      exchange.respond(text(503, "not all objects are known yet\n"));
      return;
    }
    ResponseStream stream =
        exchange.stream(
            200, List.of(new Header("content-type", "text/plain; version=0.0.4; charset=utf-8")));
    try {
      Pieces pieces = new Pieces(stream);
      page.write(pieces);
      pieces.end();
      stream.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client did not read all of the page: error={0}", e.getMessage());
      stream.abort();
    }
  }

  @Override
  public void close() {
    http.close();
    state.close();
  }
}
