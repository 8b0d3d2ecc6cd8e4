package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Body;
import dev.tiphys.http.ContentTooLargeException;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// HTTP/1.1 as bytes on a connection.
class Http1Test {

  private static final World WORLD = new RealWorld();
  private static final int LARGEST = 1 << 20;

  private final CountDownLatch released = new CountDownLatch(1);
  private final HttpServer server = new HttpServer(WORLD, this::handle, LARGEST);
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
      case "/unread" -> exchange.respond(text("unread"));
      case "/wait" -> {
        released.await();
        exchange.respond(text("waited"));
      }
      case "/large" -> exchange.respond(Response.of(200, "text/plain", new byte[4 << 20]));
      case "/pieces" -> {
        ResponseStream stream = exchange.stream(200, List.of());
        stream.write("one".getBytes(UTF_8));
        stream.write("two".getBytes(UTF_8));
        stream.close();
      }
      default -> {
        try {
          exchange.respond(
              text(
                  exchange.path()
                      + " "
                      + exchange.query()
                      + " "
                      + new String(exchange.content().readAllBytes(), UTF_8)));
        } catch (ContentTooLargeException e) {
          exchange.respond(new Response(413, List.of(), Body.EMPTY));
        }
      }
    }
  }

  private static Response text(String text) {
    return Response.of(200, "text/plain", text.getBytes(UTF_8));
  }

  /// What is sent, with `|` for line ends, and what the answer begins with. After a refusal the
  /// connection is closed.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          GET /a HTTP/1.1|Host: x||                                            ; HTTP/1.1 200
          GET http://x/a?b HTTP/1.1|Host: x||                                  ; HTTP/1.1 200
          GET http://x HTTP/1.1|Host: x||                                      ; HTTP/1.1 200
          OPTIONS * HTTP/1.1|Host: x||                                         ; HTTP/1.1 200
          GET a HTTP/1.1|Host: x||                                             ; HTTP/1.1 400
          GET /a HTTP/1.1||                                                    ; HTTP/1.1 400
          GET /a HTTP/1.1|Host: x|Host: y||                                    ; HTTP/1.1 400
          GET /a HTTP/1.1|Host: x|no colon||                                   ; HTTP/1.1 400
          GET /a HTTP/1.1|Host: x|Space : y||                                  ; HTTP/1.1 400
          GET  /a HTTP/1.1 x|Host: x||                                         ; HTTP/1.1 400
          GET /a|Host: x||                                                     ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Content-Length: -1||                        ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Content-Length: 1x||                        ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Content-Length: 1|Content-Length: 2||abc    ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Content-Length: 9|Transfer-Encoding: chunked||0||; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Transfer-Encoding: gzip||                   ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Transfer-Encoding: gzip, chunked||0||       ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Transfer-Encoding: chunked, identity||0||   ; HTTP/1.1 400
          POST /a HTTP/1.1|Host: x|Expect: miracles||                          ; HTTP/1.1 417
          """)
  void aHeadIsTakenOrRefused(String request, String answer) throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send(request.replace('|', '\n'));

      assertThat(client.line()).startsWith(answer);
      if (!answer.endsWith("200")) {
        assertThat(client.rest()).contains("connection: close");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1000000, 200", "1100000, 431"})
  void aUrlMayBeAsLongAsUpstreamAllows(int length, int status) throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("GET /?" + "a".repeat(length) + " HTTP/1.1\nHost: x\n\n");

      assertThat(client.line()).startsWith("HTTP/1.1 " + status);
    }
  }

  @ParameterizedTest
  @CsvSource({"1000000, 200", "1100000, 431"})
  void headerFieldsMayBeAsLongAsUpstreamAllows(int length, int status) throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("GET /a HTTP/1.1\nHost: x\nX-Long: " + "a".repeat(length) + "\n\n");

      assertThat(client.line()).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send(
          "GET /wait HTTP/1.1\nHost: x\n\n"
              + "POST /a HTTP/1.1\nHost: x\nContent-Length: 3\n\nabc"
              + "POST /b HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n2\nde\n0\n\n"
              + "GET /c HTTP/1.1\nHost: x\n\n");
      released.countDown();

      assertThat(client.answer()).endsWith("waited");
      assertThat(client.answer()).endsWith("/a  abc");
      assertThat(client.answer()).endsWith("/b  de");
      assertThat(client.answer()).endsWith("/c  ");
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotReadFrom() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.socket().setSoTimeout(0);
      byte[] requests = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000).getBytes(UTF_8);
      CountDownLatch sent = new CountDownLatch(1);
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 1_000; i++) {
                        client.socket().getOutputStream().write(requests);
                      }
                      sent.countDown();
                    } catch (IOException e) {
                      // the test is over
                    }
                  });
      // two million requests would be 8 TB of answers: the sender must come to stand long before
      try (Raw other = Raw.to(port)) {
        for (int i = 0; i < 50; i++) {
          assertThat(other.send("GET /a HTTP/1.1\nHost: x\n\n").answer()).endsWith("/a  ");
        }
      }
      assertThat(sent.getCount()).isEqualTo(1);
      client.close();
      sender.join();
    }
  }

  @Test
  void aConnectionGoesOnAfterContentThatWasNotRead() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("POST /unread HTTP/1.1\nHost: x\nContent-Length: 100000\n\n");
      assertThat(client.answer()).endsWith("unread");
      client.send("a".repeat(100_000) + "GET /next HTTP/1.1\nHost: x\n\n");

      assertThat(client.answer()).contains("/next");
    }
  }

  @Test
  void aConnectionIsClosedRatherThanThatMuchContentIsDropped() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("POST /unread HTTP/1.1\nHost: x\nContent-Length: 1000000\n\n");

      assertThat(client.rest()).contains("connection: close").endsWith("unread");
    }
  }

  @Test
  void contentThatIsAnnouncedTooLargeIsRefusedBeforeItIsSent() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("POST /a HTTP/1.1\nHost: x\nContent-Length: 1048577\n\n");

      assertThat(client.rest()).startsWith("HTTP/1.1 413").contains("connection: close");
    }
  }

  @Test
  void contentThatGrowsTooLargeIsRefusedAndTheConnectionClosed() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("POST /a HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n");
      client.send("100001\n" + "a".repeat(0x100001) + "\n");

      assertThat(client.rest()).startsWith("HTTP/1.1 413").contains("connection: close");
    }
  }

  @Test
  void aClientThatAsksIsToldToSendItsContentOnlyIfItIsRead() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("POST /a HTTP/1.1\nHost: x\nContent-Length: 3\nExpect: 100-continue\n\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 100 Continue");
      assertThat(client.send("abc").answer()).endsWith("/a  abc");

      client.send("POST /unread HTTP/1.1\nHost: x\nContent-Length: 3\nExpect: 100-continue\n\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 200").contains("connection: close");
    }
  }

  @Test
  void brokenChunksEndTheConnection() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("POST /unread HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nno number\n");

      assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("unread");
    }
  }

  @Test
  void aClientOfOldGetsAnAnswerWithoutChunks() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("GET /pieces HTTP/1.0\nConnection: keep-alive\n\n");

      assertThat(client.rest()).doesNotContain("chunked").endsWith("\r\n\r\nonetwo");
    }
  }

  @Test
  void aConnectionIsClosedWhenTheClientAsksForThat() throws Exception {
    try (Raw client = Raw.to(port)) {
      client.send("GET /a HTTP/1.1\nHost: x\nConnection: close\n\n");

      assertThat(client.rest()).contains("connection: close").endsWith("/a  ");
    }
  }
}
