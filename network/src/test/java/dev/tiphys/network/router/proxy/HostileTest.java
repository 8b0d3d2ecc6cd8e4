package dev.tiphys.network.router.proxy;

import static dev.tiphys.network.router.proxy.Scripted.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Retries;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients and endpoints that break rules, are slow, or go.
class HostileTest {

  private TestRouter router;

  @BeforeEach
  void start() throws IOException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  /// Whatever might be read in two ways ends the connection, and nothing behind it is passed on.
  @ParameterizedTest
  @CsvSource({
    "400, Content-Length: 4|Transfer-Encoding: chunked",
    "400, Transfer-Encoding: chunked|Content-Length: 4",
    "400, Content-Length: 4|Content-Length: 5",
    "400, Content-Length: 4|Content-Length: 4",
    "400, Content-Length: -4",
    "400, Content-Length: +4",
    "400, 'Content-Length: 4, 5'",
    "400, Content-Length : 4",
    "400, Transfer-Encoding: xchunked",
    "501, 'Transfer-Encoding: gzip, chunked'",
    "400, Transfer-Encoding: identity",
    "400, Transfer-Encoding: chunked|Transfer-Encoding: chunked",
    "400, X: a<NUL>b",
    "400, X: a<CR>b",
    "400, : nameless",
    "400, Host: second",
    "400, X Y: 1",
  })
  void aRequestThatMayBeReadInTwoWaysIsRefused(int status, String fields) throws Exception {
    AtomicInteger seen = new AtomicInteger();
    try (Scripted server = counting(seen);
        Raw client = router.all(server).connect()) {
      client.exactly(
          "POST / HTTP/1.1\r\nHost: a\r\n"
              + fields.replace("|", "\r\n").replace("<NUL>", "\0").replace("<CR>", "\r")
              + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 " + status + " ").doesNotContain("200 OK");
      assertThat(seen).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /../etc HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void whatIsNoProperRequestIsRefused(String request) throws Exception {
    AtomicInteger seen = new AtomicInteger();
    try (Scripted server = counting(seen);
        Raw client = router.all(server).connect()) {
      client.exactly(request);
      assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
      assertThat(seen).hasValue(0);
    }
  }

  private static Scripted counting(AtomicInteger seen) throws IOException {
    return new Scripted(
        (connection, _) -> {
          while (!connection.head().isEmpty()) {
            seen.incrementAndGet();
            connection.send(ok(""));
          }
        });
  }

  @Test
  void headsAreBounded() throws Exception {
    try (Raw client = router.connect()) {
      client.send("GET / HTTP/1.1\nHost: a\nX: " + "a".repeat(40_000) + "\n\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 431 ");
    }
    try (Raw client = router.connect()) {
      client.send("GET /" + "a".repeat(40_000) + " HTTP/1.1\nHost: a\n\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 414 ");
    }
  }

  @Test
  void tunnelsAreNotMade() throws Exception {
    try (Raw client = router.connect()) {
      client.send("CONNECT a:80 HTTP/1.1\nHost: a:80\n\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 405 ");
    }
  }

  @Test
  void http2IsNotSpokenPastTheTable() throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  heads.add(connection.head());
                  connection.send(ok(""));
                });
        Raw client = router.all(server).connect()) {
      client.send(
          "GET / HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMA\n\n");
      assertThat(client.answer()).isEqualTo("200 ");
      assertThat(heads.take()).doesNotContain("upgrade").doesNotContain("http2-settings");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "5\r\nhello6\r\n", "-1\r\n", "fffffffffffffffff\r\n"})
  void brokenChunksEndTheRequest(String chunks) throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.rest();
                });
        Raw client = router.all(server).connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      client.exactly(chunks + "\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        ""
      })
  void anEndpointThatAnswersNonsenseIsABadGateway(String response) throws Exception {
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              connection.head();
              connection.exactly(response);
            })) {
      router.all(server);
      assertThat(router.get("/")).startsWith("502 ");
    }
  }

  @Test
  void aResponseThatBreaksOffIsSeenToBeBroken() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send("HTTP/1.1 200 OK\nContent-Length: 10\n\nhalf");
                });
        Raw client = router.all(server).connect()) {
      client.send("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(client.rest()).endsWith("half");
      assertThat(router.served().status()).isEqualTo(502);
    }
  }

  @Test
  void anEndpointThatSpeaksUnaskedIsNotBelieved() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send(ok("asked") + ok("unasked"));
                  connection.rest();
                });
        Raw client = router.all(server).connect()) {
      for (int i = 0; i < 20; i++) {
        client.send("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(client.answer()).isEqualTo("200 asked");
      }
    }
  }

  @Test
  void anEndpointThatIsSilentTimesOut() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              connection.head();
              over.await();
            })) {
      Split split = Split.all(TestRouter.backend(BackendPolicy.USUAL, server));
      for (Timeouts each :
          new Timeouts[] {
            new Timeouts(Duration.ofMillis(100), Duration.ZERO, Duration.ZERO),
            new Timeouts(Duration.ZERO, Duration.ofMillis(100), Duration.ZERO),
            new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofMillis(100))
          }) {
        router.all(within(split, each, Retries.NONE));
        assertThat(router.get("/")).startsWith("504 ");
      }
      for (int i = 0; i < 3; i++) {
        router.served();
      }
      router.all(
          within(
              split,
              new Timeouts(Duration.ZERO, Duration.ofMillis(50), Duration.ZERO),
              new Retries(3, Set.of(Retries.On.BROKEN), Set.of())));
      assertThat(router.get("/")).startsWith("504 ");
      assertThat(router.served().tries()).isEqualTo(3);
      over.countDown();
    }
  }

  private static Action.Forward within(Split split, Timeouts timeouts, Retries retries) {
    return new Action.Forward(
        split, Rewrite.KEEP, HeaderEdits.NONE, HeaderEdits.NONE, timeouts, retries);
  }

  /// Time passes only when the test says so, and by less at once than any of them may take.
  @Test
  void aClientThatIsSlowIsCutOff() throws Exception {
    VirtualWorld world = new VirtualWorld(1);
    try (TestRouter timed = new TestRouter(world);
        Raw silent = timed.connect();
        Raw slow = timed.connect();
        Raw resting = timed.all(new Action.Respond(200, "text/plain", "fine")).connect()) {
      slow.exactly("GET / HT");
      resting.send("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(resting.answer()).isEqualTo("200 fine");
      while (timed.router().connections() < 3) {
        Thread.onSpinWait();
      }
      world.advance(Duration.ofSeconds(50));
      resting.send("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(resting.answer()).isEqualTo("200 fine");
      assertThat(timed.router().connections()).isEqualTo(3);
      while (timed.router().connections() > 0) {
        world.advance(Duration.ofSeconds(1));
        TestRouter.world().sleep(Duration.ofMillis(1)); // the event loops go at the machine's pace
      }
      assertThat(silent.rest()).isEmpty();
      assertThat(slow.rest()).isEmpty();
      assertThat(resting.rest()).isEmpty();
    }
  }

  @Test
  void aContentThatDoesNotComeTimesOut() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.rest();
                });
        Raw client = router.connect()) {
      Split split = Split.all(TestRouter.backend(BackendPolicy.USUAL, server));
      router.all(
          within(
              split,
              new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofMillis(100)),
              Retries.OF_CONNECTIONS));
      client.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 10\n\nhalf");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void whenTheClientGoesTheEndpointIsLetGo() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              connection.head();
              asked.countDown();
              connection.rest();
              left.countDown();
            })) {
      router.all(server);
      try (Raw client = router.connect()) {
        client.send("GET / HTTP/1.1\nHost: a\n\n");
        asked.await();
      }
      left.await();
      assertThat(router.served().status()).isEqualTo(499);
    }
  }

  /// An endless response to a client that does not read: the endpoint is held up after what fits
  /// into buffers, and goes on once the client reads.
  @Test
  void aClientThatDoesNotReadHoldsUpTheEndpoint() throws Exception {
    AtomicLong written = new AtomicLong();
    String piece = "a".repeat(64 << 10);
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send("HTTP/1.1 200 OK\nContent-Length: 1000000000000\n\n");
                  while (true) {
                    connection.exactly(piece);
                    written.addAndGet(piece.length());
                  }
                });
        Raw client = router.all(server).connect()) {
      client.send("GET / HTTP/1.1\nHost: a\n\n");
      client.head();
      long held = settled(written);
      assertThat(held).isLessThan(32 << 20); // what the kernel buffers for two sockets
      assertThat(client.exactly(64 << 20)).hasSize(64 << 20);
      while (written.get() <= 64 << 20) { // which the endpoint notes after each piece
        Thread.onSpinWait();
      }
    }
  }

  /// An endless request to an endpoint that does not read.
  @Test
  void anEndpointThatDoesNotReadHoldsUpTheClient() throws Exception {
    AtomicLong written = new AtomicLong();
    CountDownLatch over = new CountDownLatch(1);
    String piece = "a".repeat(64 << 10);
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  over.await();
                });
        Raw client = router.all(server).connect()) {
      client.send("POST / HTTP/1.1\nHost: a\nContent-Length: 1000000000000\n\n");
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (true) {
                        client.exactly(piece);
                        written.addAndGet(piece.length());
                      }
                    } catch (IOException e) {
                      // the test is over
                    }
                  });
      assertThat(settled(written)).isLessThan(32 << 20);
      over.countDown();
      client.close();
      sender.join();
    }
  }

  /// The value of a count once it has been the same for a while.
  private static long settled(AtomicLong count) throws InterruptedException {
    long before = -1;
    while (before != count.get() || before == 0) {
      before = count.get();
      TestRouter.world().sleep(Duration.ofMillis(300));
    }
    return before;
  }
}
