package dev.tiphys.secrets.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/// A server that answers every request in a way that no store should.
public final class HostileServer implements AutoCloseable {

  /// How it answers.
  public enum Manner {
    /// With more than fits anywhere.
    HUGE,
    /// With a content that begins and never goes on.
    HANGING,
    /// With a success that is no JSON.
    MALFORMED,
    /// With JSON of another shape.
    MISSHAPEN,
    /// With JSON of which every part is in another.
    DEEP,
    /// With a redirection to itself.
    LOOPING,
    /// With nothing.
    EMPTY,
    /// With an error that repeats the request's headers and content.
    ECHOING
  }

  private final HttpServer server;
  private final Manner manner;
  private final CountDownLatch over = new CountDownLatch(1);

  public HostileServer(Manner manner) throws IOException {
    this.manner = manner;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    try (exchange) {
      switch (manner) {
        case HUGE -> huge(exchange);
        case HANGING -> hang(exchange);
        case MALFORMED -> send(exchange, 200, "{\"data\": {");
        case MISSHAPEN -> send(exchange, 200, "{\"data\": [1], \"auth\": 7, \"SecretString\": {}}");
        case DEEP -> send(exchange, 200, "[".repeat(1_000_000));
        case LOOPING -> {
          exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
          send(exchange, 307, "");
        }
        case EMPTY -> send(exchange, 200, "");
        case ECHOING -> {
          String all = (exchange.getRequestHeaders().entrySet() + body).replace('"', '\'');
          send(exchange, 400, "{\"errors\": [\"" + all + "\"], \"message\": \"" + all + "\"}");
        }
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void huge(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] part = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
    OutputStream out = exchange.getResponseBody();
    while (true) { // until the client has had enough
      out.write(part);
    }
  }

  private void hang(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
  }
}
