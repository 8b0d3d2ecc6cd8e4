package dev.tiphys.network.router.proxy;

import static dev.tiphys.network.router.proxy.Scripted.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What gRPC needs: endpoints that speak HTTP/2, trailers, and streams in both directions. The
/// endpoint here is a second proxy, which speaks HTTP/2 without TLS.
class GrpcTest {

  private TestRouter router;
  private TestRouter behind;

  @BeforeEach
  void start() throws IOException {
    behind = new TestRouter();
    router = new TestRouter();
    Backend backend =
        new Backend(TestRouter.world(), "http2", BackendPolicy.USUAL.with(Protocol.HTTP_2));
    backend.endpoints(List.of(behind.address()));
    router.all(new Action.Forward(Split.all(backend)));
  }

  @AfterEach
  void stop() {
    router.close();
    behind.close();
  }

  @Test
  void requestsGoByStreamsOfOneConnection() throws Exception {
    CountDownLatch all = new CountDownLatch(100);
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              String head = connection.head();
              all.countDown();
              all.await();
              connection.send(ok(head.split(" ", 3)[1]));
            })) {
      behind.all(server);
      List<Thread> clients = new ArrayList<>();
      BlockingQueue<String> answers = new LinkedBlockingQueue<>();
      for (int i = 0; i < 100; i++) {
        String path = "/" + i;
        clients.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        answers.add(router.get(path).equals("200 " + path) ? "good" : "bad");
                      } catch (IOException e) {
                        answers.add(e.toString());
                      }
                    }));
      }
      for (Thread each : clients) {
        each.join();
      }
      assertThat(answers).hasSize(100).containsOnly("good");
      assertThat(behind.router().connections()).as("one for each loop").isLessThanOrEqualTo(2);
    }
  }

  @Test
  void trailersAreKeptInBothDirections() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  seen.add(connection.head());
                  seen.add(connection.exactly("1\r\na\r\n0\r\nSum: 1\r\n\r\n".length()));
                  connection.send(
                      "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nb\n0\nGrpc-Status: 0\n\n");
                });
        Raw client = router.connect()) {
      behind.all(server);
      client.send(
          "POST / HTTP/1.1\nHost: a\nTE: trailers\nConnection: close\nTransfer-Encoding: chunked\n\n1\na\n0\nSum: 1\n\n");
      assertThat(client.rest()).endsWith("1\r\nb\r\n0\r\ngrpc-status: 0\r\n\r\n");
      assertThat(seen.take()).contains("te: trailers").doesNotContain("x-http2");
      assertThat(seen.take()).isEqualToIgnoringCase("1\r\na\r\n0\r\nsum: 1\r\n\r\n");
    }
  }

  @Test
  void messagesGoToAndFroBeforeEitherSideEnds() throws Exception {
    try (Scripted server =
            new Scripted(
                (connection, _) -> {
                  connection.head();
                  connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
                  for (int i = 0; i < 3; i++) {
                    connection.exactly(connection.exactly("1\r\na\r\n".length()));
                  }
                  connection.exactly(connection.exactly("0\r\n\r\n".length()));
                });
        Raw client = router.connect()) {
      behind.all(server);
      client.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      for (String chunk : List.of("1\r\na\r\n", "1\r\nb\r\n", "1\r\nc\r\n", "0\r\n\r\n")) {
        client.exactly(chunk);
        assertThat(client.exactly(chunk.length())).isEqualTo(chunk);
      }
    }
  }

  @Test
  void manyRequestsOneAfterTheOtherLeaveNothingBehind() throws Exception {
    try (Scripted server = Scripted.answering("hello");
        Raw client = router.connect()) {
      behind.all(server);
      for (int i = 0; i < 500; i++) {
        client.send("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(client.answer()).isEqualTo("200 hello");
        assertThat(behind.served().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void anEndpointThatIsGoneIsABadGateway() throws Exception {
    router.all(
        new Action.Forward(
            Split.all(
                TestRouter.backend(BackendPolicy.USUAL.with(Protocol.HTTP_2), Scripted.gone()))));
    assertThat(router.get("/")).startsWith("502 ");
  }

  @Test
  void anEndpointThatDoesNotSpeakHttp2IsABadGateway() throws Exception {
    try (Scripted server = Scripted.answering("hello")) {
      Backend backend = TestRouter.backend(BackendPolicy.USUAL.with(Protocol.HTTP_2), server);
      router.all(new Action.Forward(Split.all(backend)));
      assertThat(router.get("/")).startsWith("502 ");
    }
  }
}
