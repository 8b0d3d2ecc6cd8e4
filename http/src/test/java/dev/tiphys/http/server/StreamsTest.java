package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a writer of a stream is told of the client's pace.
class StreamsTest {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final int PIECE = 16 << 10;
  private static final int PIECES = 2_500;

  private final AtomicInteger offered = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final HttpServer server = new HttpServer(WORLD, this::handle, 0);
  private int port;

  @BeforeEach
  void listen() throws IOException {
    Credential credential =
        AUTHORITY.issue(Subject.server("server", List.of("localhost")), Duration.ofHours(1));
    server.secure(new TlsSettings(credential.key(), credential.chain(), List.of()));
    port = server.listen(new InetSocketAddress("localhost", 0)).getPort();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void handle(Exchange exchange) {
    if (exchange.path().equals("/small")) {
      exchange.respond(Response.of(200, "text/plain", "small".getBytes(UTF_8)));
      return;
    }
    ResponseStream stream = exchange.stream(200, List.of());
    stream.onEnd(ended::countDown);
    stream.onWritable(() -> pump(stream));
    pump(stream);
  }

  /// Sends pieces as a cursor does: for as long as it may.
  private void pump(ResponseStream stream) {
    while (stream.isWritable()) {
      int number = offered.getAndIncrement();
      if (number == PIECES) {
        stream.close();
        return;
      }
      if (!stream.offer(piece(number))) {
        refused.incrementAndGet();
      }
    }
    stopped.countDown();
  }

  private static byte[] piece(int number) {
    byte[] piece = new byte[PIECE];
    piece[0] = (byte) number;
    return piece;
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aSlowReaderIsSentEverythingAndHoldsLittle(HttpClient.Version version) throws Exception {
    HttpResponse<InputStream> answer =
        client(version).send(request("/"), HttpResponse.BodyHandlers.ofInputStream());
    stopped.await();

    // nothing was read: what was offered is in the stream, the sockets and the client's own buffers
    assertThat(offered.get()).isLessThan(PIECES / 2);
    for (int i = 0; i < PIECES; i++) {
      assertThat(answer.body().readNBytes(PIECE)).isEqualTo(piece(i));
    }
    assertThat(answer.body().read()).isNegative();
    assertThat(refused).hasValue(0);
    ended.await();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aStreamEndsWhenItsClientLeaves(HttpClient.Version version) throws Exception {
    HttpResponse<InputStream> answer =
        client(version).send(request("/"), HttpResponse.BodyHandlers.ofInputStream());
    stopped.await();
    answer.body().close();

    ended.await();
    assertThat(offered.get()).isLessThan(PIECES);
  }

  @ParameterizedTest
  @EnumSource(value = HttpClient.Version.class, names = "HTTP_2")
  void aStreamThatIsNotReadHoldsUpNoOtherOnItsConnection(HttpClient.Version version)
      throws Exception {
    HttpClient client = client(version);
    client.send(request("/"), HttpResponse.BodyHandlers.ofInputStream());
    stopped.await();

    for (int i = 0; i < 20; i++) {
      assertThat(client.send(request("/small"), HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("small");
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path)).build();
  }

  private static HttpClient client(HttpClient.Version version) throws Exception {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(Trust.in(AUTHORITY.certificate(), null))
        .build();
  }
}
