package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Body;
import dev.tiphys.http.ContentTimeoutException;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that keep the server waiting, in a world whose time the test moves.
class TimeoutsTest {

  private static final Duration LIFE = Duration.ofDays(3650);

  private final World machine = new RealWorld();
  private final VirtualWorld world = new VirtualWorld(1, Instant.now().minusSeconds(60));
  private final HttpServer server = new HttpServer(world, this::handle, 64 << 20);
  private int port;

  @BeforeEach
  void listen() throws IOException {
    port = server.listen(new InetSocketAddress("localhost", 0)).getPort();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void handle(Exchange exchange) throws Exception {
    switch (exchange.path()) {
      case "/large" -> exchange.respond(Response.of(200, "text/plain", new byte[64 << 20]));
      case "/stream" -> exchange.stream(200, List.of()).offer("begun".getBytes(UTF_8));
      default -> {
        try {
          exchange.content().readAllBytes();
          exchange.respond(new Response(200, List.of(), Body.EMPTY));
        } catch (ContentTimeoutException e) {
          exchange.respond(new Response(504, List.of(), Body.EMPTY));
        }
      }
    }
  }

  /// Lets the world's tasks run until something is so. The server's event loops go at the machine's
  /// pace: each move of time gives them work, so that they would fall behind without a pause.
  private void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      world.settle();
      machine.sleep(Duration.ofMillis(1));
    }
  }

  /// The network goes at its own pace: what it still takes of an answer counts as being read.
  private void untilClosedAsTimePasses() throws InterruptedException {
    until(
        () -> {
          world.advance(Duration.ofSeconds(1));
          return server.connections() == 0;
        });
  }

  private Raw connected() throws Exception {
    Raw client = Raw.to(port);
    until(() -> server.connections() > 0);
    return client;
  }

  private void assertEndsAfter(Duration span, Raw client) throws Exception {
    world.advance(span.minusSeconds(2));
    assertThat(server.connections()).isEqualTo(1);
    world.advance(Duration.ofSeconds(4));
    until(() -> server.connections() == 0);
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void aConnectionWithoutARequestEnds() throws Exception {
    try (Raw client = connected()) {
      assertEndsAfter(Duration.ofSeconds(32), client);
    }
  }

  @Test
  void aHeadThatIsNeverFinishedEnds() throws Exception {
    try (Raw client = connected().send("GET / HTTP/1.1\nHost: x\n")) {
      assertEndsAfter(Duration.ofSeconds(32), client);
    }
  }

  @Test
  void anIdleConnectionEnds() throws Exception {
    try (Raw client = connected().send("GET / HTTP/1.1\nHost: x\n\n")) {
      until(() -> available(client) > 0);
      client.answer();

      assertEndsAfter(Duration.ofSeconds(90), client);
    }
  }

  @Test
  void theHeadAfterAnIdleTimeHasItsOwnTime() throws Exception {
    try (Raw client = connected().send("GET / HTTP/1.1\nHost: x\n\n")) {
      until(() -> available(client) > 0);
      client.answer();
      world.advance(Duration.ofSeconds(60));
      client.send("GET / HT");
      world.advance(Duration.ofSeconds(20));
      client.send("TP/1.1\nHost: x\n\n");
      until(() -> available(client) > 0);

      assertThat(client.answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void contentThatDoesNotArriveIsGivenUp() throws Exception {
    try (Raw client =
        connected().send("POST / HTTP/1.1\nHost: x\nContent-Length: 9\nExpect: 100-continue\n\n")) {
      until(() -> available(client) > 0);
      assertThat(client.answer()).startsWith("HTTP/1.1 100");
      world.advance(Duration.ofSeconds(61));
      until(() -> available(client) > 0);
      assertThat(client.line()).startsWith("HTTP/1.1 504");
      world.advance(Duration.ofSeconds(3));

      assertThat(client.rest()).contains("connection: close");
    }
  }

  @Test
  void anAnswerThatIsNotReadEndsItsConnection() throws Exception {
    try (Raw client = connected().send("GET /large HTTP/1.1\nHost: x\n\n")) {
      until(() -> available(client) > 0);
      untilClosedAsTimePasses();

      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  @Test
  void aStreamMayBeSilentForAsLongAsItLikes() throws Exception {
    try (Raw client = connected().send("GET /stream HTTP/1.1\nHost: x\n\n")) {
      until(() -> available(client) > 0);
      world.advance(Duration.ofHours(2));

      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private Frames overHttp2() throws Exception {
    Authority authority = Authority.found(world, "test");
    Credential own = authority.issue(Subject.server("server", List.of("localhost")), LIFE);
    server.secure(new TlsSettings(own.key(), own.chain(), List.of()));
    return Frames.to(port, Trust.in(authority.certificate(), null));
  }

  private void get(Frames client, String path) throws Exception {
    client.headers(
        1, new DefaultHttp2Headers(false).method("GET").scheme("https").path(path), true);
    client.ping();
    world.settle();
    client.awaitHeaders(1);
  }

  @Test
  void anAnswerOverHttp2ThatIsNotReadEndsItsConnection() throws Exception {
    try (Frames client = overHttp2()) {
      get(client, "/large"); // and no room is made for more of it
      world.advance(Duration.ofSeconds(50));
      assertThat(server.connections()).isEqualTo(1);
      client.open(1, 1000); // it reads, if little
      client.ping();
      world.advance(Duration.ofSeconds(50));
      assertThat(server.connections()).isEqualTo(1);
      untilClosedAsTimePasses();
    }
  }

  @Test
  void anIdleConnectionOfHttp2EndsAndOneInUseDoesNot() throws Exception {
    try (Frames client = overHttp2()) {
      get(client, "/stream");
      world.advance(Duration.ofHours(2));
      assertThat(server.connections()).isEqualTo(1);

      client.reset(1);
      client.ping();
      world.advance(Duration.ofSeconds(88));
      assertThat(server.connections()).isEqualTo(1);
      world.advance(Duration.ofSeconds(4));
      until(() -> server.connections() == 0);
    }
  }

  private static int available(Raw client) {
    try {
      return client.socket().getInputStream().available();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
