package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.WebSocket;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// The agent of a node, as the API server sees it: notes what it is asked, and answers a little.
final class FakeAgent implements AutoCloseable {

  private static final Authority AUTHORITY = Authority.found(RunningServer.WORLD, "node");

  private final HttpServer http = new HttpServer(RunningServer.WORLD, this::answer, 0);
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Queue<List<String>> offered = new ConcurrentLinkedQueue<>();
  private final CountDownLatch logEnded = new CountDownLatch(1);
  private final int port;

  FakeAgent() throws IOException {
    Credential own =
        AUTHORITY.issue(Subject.server("node", List.of("127.0.0.1")), Duration.ofHours(1));
    http.secure(new TlsSettings(own.key(), own.chain(), List.of()));
    port = http.listen(new InetSocketAddress("127.0.0.1", 0)).getPort();
  }

  int port() {
    return port;
  }

  /// Paths with their queries, in order.
  List<String> asked() {
    return List.copyOf(asked);
  }

  /// The subprotocols that each WebSocket was offered.
  List<List<String>> offered() {
    return List.copyOf(offered);
  }

  /// Is open once a log that never ends was left.
  CountDownLatch logEnded() {
    return logEnded;
  }

  private void answer(Exchange exchange) throws Exception {
    asked.add(exchange.path() + "?" + exchange.query());
    if (exchange.path().startsWith("/containerLogs/")) {
      log(exchange);
      return;
    }
    offered.add(WebSocket.offered(exchange));
    try (WebSocket socket = WebSocket.accept(exchange, WebSocket.offered(exchange).getFirst())) {
      socket.write("\1at once".getBytes(UTF_8)); // before the client has said anything
      socket.write("\3{\"status\":\"Success\"}".getBytes(UTF_8));
    }
  }

  private void log(Exchange exchange) throws Exception {
    ResponseStream stream = exchange.stream(200, List.of(new Header("Content-Type", "text/plain")));
    stream.onEnd(logEnded::countDown);
    stream.write("one\n".getBytes(UTF_8));
    if (exchange.query().contains("follow")) {
      return; // it goes on, but nothing happens
    }
    stream.write("two\n".getBytes(UTF_8));
    stream.close();
  }

  @Override
  public void close() {
    http.close();
  }
}
