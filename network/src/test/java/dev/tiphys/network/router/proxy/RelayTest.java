package dev.tiphys.network.router.proxy;

import static dev.tiphys.network.router.proxy.Scripted.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Retries;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is passed on, to and fro.
class RelayTest {

  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void requestsOfAConnectionShareOneToTheEndpoint() throws Exception {
    try (Scripted server = Scripted.answering("hello");
        Raw client = router.all(server).connect()) {
      for (int i = 0; i < 50; i++) {
        client.send("GET /" + i + " HTTP/1.1\nHost: a\n\n");
        assertThat(client.answer()).isEqualTo("200 hello");
      }
      assertThat(server.connections()).isEqualTo(1);
      Observer.Served served = router.served();
      assertThat(served.status()).isEqualTo(200);
      assertThat(served.route()).isEqualTo("all");
      assertThat(served.backend()).isEqualTo("tested");
      assertThat(served.revision()).isEqualTo("1");
    }
  }

  @Test
  void requestsThatWereSentAtOnceAreAnsweredInOrder() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  for (String head = connection.head(); !head.isEmpty(); head = connection.head()) {
                    connection.send(ok(head.split(" ", 3)[1]));
                  }
                });
        Raw client = router.all(server).connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 2000; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\nHost: a\n\n");
      }
      Thread sender = Thread.ofVirtual().start(() -> sendAll(client, all.toString()));
      for (int i = 0; i < 2000; i++) {
        assertThat(client.answer()).isEqualTo("200 /" + i);
      }
      sender.join();
    }
  }

  private static void sendAll(Raw client, String text) {
    try {
      client.send(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theEndpointIsToldOfTheClientAndNotOfItsConnection() throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  heads.add(connection.head());
                  connection.send(
                      """
                      HTTP/1.1 200 OK
                      Content-Length: 0
                      Keep-Alive: timeout=5
                      Connection: x-own, keep-alive
                      X-Own: 1
                      X-Other: 2

                      """);
                });
        Raw client = router.all(server).connect()) {
      client.send(
          """
          GET /a?b=c HTTP/1.1
          Host: Shop.example.com:8080
          Connection: keep-alive, X-Secret, host
          X-Secret: 1
          Keep-Alive: 300
          Proxy-Connection: keep-alive
          TE: trailers, deflate
          X-Forwarded-For: 203.0.113.7
          X-Request-ID: mine

          """);
      assertThat(client.head())
          .contains("x-other: 2")
          .doesNotContain("x-own")
          .doesNotContain("keep-alive")
          .doesNotContain("connection");
      assertThat(heads.take().lines())
          .contains(
              "GET /a?b=c HTTP/1.1",
              "host: shop.example.com:8080",
              "te: trailers",
              "x-forwarded-for: 127.0.0.1",
              "x-real-ip: 127.0.0.1",
              "x-forwarded-host: shop.example.com:8080",
              "x-forwarded-port: " + router.address().getPort(),
              "x-forwarded-proto: http",
              "x-scheme: http",
              "x-request-id: mine")
          .noneMatch(line -> line.matches("(x-secret|keep-alive|proxy-connection|connection):.*"));
    }
  }

  @Test
  void contentIsStreamedBothWays() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
                  // each chunk is answered before the next comes
                  for (int i = 0; i < 3; i++) {
                    String chunk = connection.exactly("1\r\na\r\n".length());
                    connection.exactly(chunk);
                  }
                  connection.exactly(connection.exactly("0\r\n\r\n".length()));
                });
        Raw client = router.all(server).connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200").contains("transfer-encoding: chunked");
      for (String chunk : List.of("1\r\na\r\n", "1\r\nb\r\n", "1\r\nc\r\n", "0\r\n\r\n")) {
        client.exactly(chunk);
        assertThat(client.exactly(chunk.length())).isEqualTo(chunk);
      }
    }
  }

  @Test
  void trailersArePassedOn() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send(
                      "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n0\nGrpc-Status: 0\n\n");
                });
        Raw client = router.all(server).connect()) {
      client.send("GET / HTTP/1.1\nHost: a\nConnection: close\nTE: trailers\n\n");
      assertThat(client.rest()).endsWith("0\r\nGrpc-Status: 0\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
  void aResponseThatEndsWithItsConnectionIsWhole(String version) throws Exception {
    String content = "a".repeat(300_000);
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send("HTTP/1.0 200 OK\n\n" + content);
                });
        Raw client = router.all(server).connect()) {
      client.send("GET / " + version + "\nHost: a\nConnection: close\n\n");
      client.head();
      String rest = client.rest();
      assertThat(rest.chars().filter(each -> each == 'a').count()).isGreaterThanOrEqualTo(300_000);
      assertThat(rest.endsWith("0\r\n\r\n")).isEqualTo(version.equals("HTTP/1.1"));
    }
  }

  @Test
  void aResponseToHeadHasNoContent() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  while (!connection.head().isEmpty()) {
                    connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
                  }
                });
        Raw client = router.all(server).connect()) {
      for (int i = 0; i < 3; i++) {
        client.send("HEAD / HTTP/1.1\nHost: a\n\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 OK");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void whatIsExpectedToContinueDoes() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  assertThat(connection.head()).contains("expect: 100-continue");
                  connection.send("HTTP/1.1 100 Continue\n\n");
                  connection.send(ok(connection.exactly(4)));
                });
        Raw client = router.all(server).connect()) {
      client.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 4\nExpect: 100-continue\n\n");
      assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue");
      client.send("body");
      assertThat(client.answer()).isEqualTo("200 body");
    }
  }

  @Test
  void aResponseThatComesBeforeTheEndOfTheRequestIsPassedOn() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send("HTTP/1.1 413 Too Large\nContent-Length: 2\n\nno");
                });
        Raw client = router.all(server).connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 100000\n\n");
      assertThat(client.answer()).isEqualTo("413 no");
      client.send("a".repeat(100_000)); // is dropped, and the connection kept
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 100000000\n\n");
      assertThat(client.answer()).isEqualTo("413 no");
    }
  }

  @Test
  void pathHostAndHeadersAreRewritten() throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  heads.add(connection.head());
                  connection.send("HTTP/1.1 200 OK\nContent-Length: 0\nServer: secret\n\n");
                });
        Raw client = router.connect()) {
      router.all(
          new Action.Forward(
              Split.all(TestRouter.backend(BackendPolicy.USUAL, server)),
              new Rewrite(
                  new Rewrite.OfPath.Groups(Pattern.compile("/api(/|$)(.*)"), "/$2"), "inner"),
              new HeaderEdits(List.of("x-gone"), Map.of("x-set", "1"), Map.of("x-add", "2")),
              new HeaderEdits(List.of("server"), Map.of("x-version", "blue"), Map.of()),
              Timeouts.USUAL,
              Retries.NONE));
      client.send("GET /api/v1?q=1 HTTP/1.1\nHost: a\nX-Gone: 1\nX-Set: 0\nX-Add: 1\n\n");
      assertThat(client.head()).contains("x-version: blue").doesNotContain("secret");
      assertThat(heads.take().lines())
          .contains("GET /v1?q=1 HTTP/1.1", "host: inner", "x-set: 1", "x-add: 1", "x-add: 2")
          .noneMatch(line -> line.startsWith("x-gone"));
    }
  }

  @Test
  void whatNoBackendIsNeededForIsAnsweredAtOnce() throws Exception {
    router.all(new Action.Redirect(308, "https://$host$target"));
    try (Raw client = router.connect()) {
      client.send("GET /a?b HTTP/1.1\nHost: a.example.com:80\n\n");
      assertThat(client.head())
          .startsWith("HTTP/1.1 308 Permanent Redirect")
          .contains("location: https://a.example.com/a?b");
    }
    router.all(new Action.Respond(200, "text/plain", "fine"));
    assertThat(router.get("/")).isEqualTo("200 fine");
    router.serve();
    assertThat(router.get("/")).startsWith("404 ").contains("<h1>404 Not Found</h1>");
  }

  @Test
  void connectionsThatAreUpgradedCarryBytes() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  assertThat(connection.head())
                      .contains("connection: upgrade", "upgrade: websocket");
                  connection.send(
                      "HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\n\nat once");
                  connection.exactly(connection.exactly(200_000));
                });
        Raw client = router.all(server).connect()) {
      client.send("GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket\n\n");
      assertThat(client.head()).startsWith("HTTP/1.1 101").contains("upgrade: websocket");
      assertThat(client.exactly(7)).isEqualTo("at once");
      String sent = "ab".repeat(100_000);
      Thread sender = Thread.ofVirtual().start(() -> sendAll(client, sent));
      assertThat(client.exactly(200_000)).isEqualTo(sent);
      sender.join();
      assertThat(client.rest()).as("the end is passed on too").isEmpty();
    }
  }

  @Test
  void anEndpointThatIsGoneCostsNoRequest() throws Exception {
    try (Scripted server = Scripted.answering("here")) {
      router.all(Scripted.gone(), server);
      for (int i = 0; i < 20; i++) {
        assertThat(router.get("/")).isEqualTo("200 here");
      }
    }
  }

  @Test
  void aConnectionThatTheEndpointClosedWhileItRestedCostsNoRequest() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send(ok("once")); // and it is closed without a word before
                });
        Raw client = router.all(server).connect()) {
      for (int i = 0; i < 100; i++) {
        client.send("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(client.answer()).isEqualTo("200 once");
      }
    }
  }

  @Test
  void whatIsNotIdempotentIsSentOnce() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    Scripted.Script broken =
        (connection, _) -> {
          connection.head();
          seen.incrementAndGet();
        };
    try (Scripted one = new Scripted(broken);
        Scripted other = new Scripted(broken);
        Raw client = router.all(one, other).connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 1\n\na");
      assertThat(client.answer()).startsWith("502 ");
      assertThat(seen).hasValue(1);
      client.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 1\n\na");
      assertThat(client.answer()).startsWith("502 ");
      assertThat(seen).as("three tries for what is").hasValue(4);
    }
  }

  @Test
  void aSmallContentIsSentAgain() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, number) -> {
                  connection.head();
                  String content = connection.exactly(5);
                  connection.send(
                      number < 3 ? "HTTP/1.1 503 Busy\nContent-Length: 0\n\n" : ok(content));
                });
        Raw client = router.connect()) {
      Split split = Split.all(TestRouter.backend(BackendPolicy.USUAL, server));
      router.all(retrying(split, new Retries(3, java.util.Set.of(), java.util.Set.of(503))));
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello");
      assertThat(client.answer()).isEqualTo("200 hello");
      assertThat(router.served().tries()).isEqualTo(3);
    }
  }

  private static Action.Forward retrying(Split split, Retries retries) {
    return new Action.Forward(
        split, Rewrite.KEEP, HeaderEdits.NONE, HeaderEdits.NONE, Timeouts.USUAL, retries);
  }

  @Test
  void withoutEndpointsOrRoomThereIsNoService() throws Exception {
    router.all();
    assertThat(router.get("/")).startsWith("503 ");
    try (Scripted server = Scripted.answering("")) {
      Backend full = TestRouter.backend(BackendPolicy.USUAL.withMostRequests(0), server);
      router.all(new Action.Forward(Split.all(full)));
      assertThat(router.get("/")).startsWith("503 ");
      assertThat(server.connections()).isZero();
    }
  }
}
