package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Body;
import dev.tiphys.http.ContentTooLargeException;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// HTTP/2 as frames on a connection.
class Http2Test {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final int LARGEST = 1 << 20;
  private static final int NO_ERROR = 0;
  private static final int PROTOCOL_ERROR = 1;

  private final AtomicInteger handled = new AtomicInteger();
  private final Semaphore entered = new Semaphore(0);
  private final CountDownLatch released = new CountDownLatch(1);
  private final HttpServer server = new HttpServer(WORLD, this::handle, LARGEST);
  private Frames client;

  @BeforeEach
  void connect() throws Exception {
    Credential credential =
        AUTHORITY.issue(Subject.server("server", List.of("localhost")), Duration.ofHours(1));
    server.secure(new TlsSettings(credential.key(), credential.chain(), List.of()));
    int port = server.listen(new InetSocketAddress("localhost", 0)).getPort();
    client = Frames.to(port, Trust.in(AUTHORITY.certificate(), null));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private void handle(Exchange exchange) throws Exception {
    handled.incrementAndGet();
    switch (exchange.path()) {
      case "/unread" -> exchange.respond(text("unread"));
      case "/large" -> exchange.respond(Response.of(200, "text/plain", new byte[8 << 20]));
      case "/wait" -> {
        entered.release();
        released.await();
        exchange.respond(text("waited"));
      }
      default -> {
        try {
          exchange.respond(text(exchange.content().readAllBytes().length + " bytes"));
        } catch (ContentTooLargeException e) {
          exchange.respond(new Response(413, List.of(), Body.EMPTY));
        }
      }
    }
  }

  private static Response text(String text) {
    return Response.of(200, "text/plain", text.getBytes(UTF_8));
  }

  private static Http2Headers post(String path) {
    return new DefaultHttp2Headers(false).method("POST").scheme("https").path(path);
  }

  @Test
  void contentMayComeInManyFramesAndEndInTrailers() throws Exception {
    client.headers(1, post("/"), false);
    for (int i = 0; i < 20; i++) {
      client.data(1, new byte[10_000], false);
    }
    client.headers(1, new DefaultHttp2Headers(false).add("x-sum", "1"), true);

    assertThat(client.awaitEnd(1).text()).isEqualTo("200000 bytes");
  }

  @Test
  void theAnswerMayComeBeforeTheContent() throws Exception {
    client.headers(1, post("/unread"), false);

    Frames.Answer answer = client.awaitEnd(1);
    assertThat(answer.status()).isEqualTo("200");
    assertThat(answer.text()).isEqualTo("unread");
    assertThat(client.awaitReset(1)).isEqualTo(NO_ERROR);
    // what was on its way is dropped, and the connection goes on
    client.data(1, new byte[10_000], true);
    client.headers(3, post("/"), true);
    assertThat(client.awaitEnd(3).text()).isEqualTo("0 bytes");
  }

  @Test
  void aClientThatBreaksOffIsNoNews() throws Exception {
    Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    Handler noting = new Noting(records);
    Logger.getLogger("").addHandler(noting);
    client.headers(1, post("/wait"), false);
    client.ping();
    client.breakOff();
    while (server.connections() > 0) {
      Thread.onSpinWait();
    }
    released.countDown();
    Logger.getLogger("").removeHandler(noting);

    assertThat(records).isEmpty();
  }

  private static final class Noting extends Handler {
    private final Queue<LogRecord> records;

    Noting(Queue<LogRecord> records) {
      this.records = records;
    }

    @Override
    public void publish(LogRecord each) {
      records.add(each);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void contentThatIsAnnouncedTooLargeIsRefusedBeforeItIsSent() throws Exception {
    client.headers(1, post("/").add("content-length", "1048577"), false);

    assertThat(client.awaitEnd(1).status()).isEqualTo("413");
  }

  @Test
  void contentThatIsNotReadFillsItsWindowAndNoMore() throws Exception {
    client.headers(1, post("/wait"), false);
    for (int i = 0; i < 16; i++) {
      client.data(1, new byte[16 << 10], false); // all of the stream's window
    }
    client.headers(3, post("/"), false);
    client.data(3, new byte[1000], true);

    assertThat(client.awaitEnd(3).text()).isEqualTo("1000 bytes");
    assertThat(client.windowUpdates(1)).isZero();
    released.countDown();
    assertThat(client.awaitEnd(1).text()).isEqualTo("waited");
  }

  @ParameterizedTest
  @CsvSource({"'',https,/", "POST,'',/", "POST,https,''", "POST,https,no path"})
  void whatIsNoRequestIsReset(String method, String scheme, String path) throws Exception {
    client.headers(
        1, new DefaultHttp2Headers(false).method(method).scheme(scheme).path(path), true);

    assertThat(client.awaitReset(1)).isEqualTo(PROTOCOL_ERROR);
    client.headers(3, post("/"), true);
    assertThat(client.awaitEnd(3).status()).isEqualTo("200");
  }

  @Test
  void aHeadMayBeAsLongAsUpstreamAllows() throws Exception {
    client.headers(1, post("/?" + "a".repeat(900_000)), true);
    assertThat(client.awaitEnd(1).status()).isEqualTo("200");

    client.headers(3, post("/?" + "a".repeat(1_100_000)), true);
    assertThat(client.awaitEnd(3).status()).isEqualTo("431");
  }

  @Test
  void requestsWaitWhileTooMuchOfEarlierAnswersIsUnread() throws Exception {
    for (int i = 0; i < 3; i++) {
      client.headers(1 + 2 * i, post("/large"), true);
    }
    client.awaitHeaders(3); // and nothing opens the windows: these answers are over the bound
    for (int i = 3; i < 20; i++) {
      client.headers(1 + 2 * i, post("/unread"), true);
    }
    client.ping();

    assertThat(handled).hasValue(3);
    client.open(0, 1 << 30);
    for (int i = 0; i < 3; i++) {
      client.open(1 + 2 * i, 8 << 20);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(client.awaitEnd(1 + 2 * i).content().size()).isEqualTo(8 << 20);
    }
    for (int i = 3; i < 20; i++) {
      assertThat(client.awaitEnd(1 + 2 * i).text()).isEqualTo("unread");
    }
    assertThat(handled).hasValue(20);
  }

  @Test
  void requestsWaitWhileTooManyAnswersAreBeingMade() throws Exception {
    for (int i = 0; i < 150; i++) {
      client.headers(1 + 2 * i, post("/wait"), true);
    }
    entered.acquire(100);
    client.ping(); // answered after all requests were read

    assertThat(handled).hasValue(100);
    released.countDown();
    for (int i = 0; i < 150; i++) {
      assertThat(client.awaitEnd(1 + 2 * i).text()).isEqualTo("waited");
    }
  }
}
