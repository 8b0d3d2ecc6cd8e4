package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.Rounds;
import dev.tiphys.world.World;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever bytes clients send, the server answers nothing with 5xx, holds little, and goes on.
///
/// `-Dtiphys.exchanges` says how many exchanges are tried of each version of HTTP, `-Dtiphys.seed`
/// which.
@Timeout(3_600)
class MalformedExchangesTest {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final int EXCHANGES = Rounds.of("tiphys.exchanges", 1_000);
  private static final long SEED = Long.getLong("tiphys.seed", 20_260_101);
  private static final int CLIENTS = 8;
  private static final long MOST_MEMORY = 128 << 20;
  private static final Pattern FAILED = Pattern.compile("HTTP/1\\.[01] 5\\d\\d ");

  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final HttpServer server = new HttpServer(WORLD, this::handle, 1 << 20);
  private SSLContext trust;
  private int port;

  @BeforeEach
  void listen() throws Exception {
    Credential credential =
        AUTHORITY.issue(Subject.server("server", List.of("localhost")), Duration.ofHours(1));
    server.secure(new TlsSettings(credential.key(), credential.chain(), List.of()));
    port = server.listen(new InetSocketAddress("localhost", 0)).getPort();
    trust = Trust.in(AUTHORITY.certificate(), null);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void handle(Exchange exchange) throws IOException {
    try {
      // every second request is answered before its content is read
      byte[] content =
          exchange.path().length() % 2 == 0 ? new byte[0] : exchange.content().readAllBytes();
      exchange.respond(Response.of(200, "text/plain", content));
    } catch (IOException e) {
      exchange.respond(new Response(400, List.of(), Body.EMPTY)); // too large, or broken off
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
      throw e;
    }
  }

  @Test
  void overHttp1() throws Exception {
    run(
        "http/1.1",
        random -> {
          byte[] sent = new MalformedHttp1(random).next();
          exchange("http/1.1", sent, random, MalformedExchangesTest::checkHttp1);
        });
  }

  @Test
  void overHttp2() throws Exception {
    run(
        "h2",
        random -> {
          byte[] sent = new MalformedHttp2(random).next();
          exchange("h2", sent, random, MalformedExchangesTest::checkHttp2);
        });
  }

  /// One exchange, made up from a seed.
  private interface Attempt {
    void make(RandomGenerator random) throws Exception;
  }

  private void run(String protocol, Attempt attempt) throws Exception {
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
      WORLD.start(
          "client",
          () -> {
            for (int n = next.getAndIncrement(); n < EXCHANGES; n = next.getAndIncrement()) {
              try {
                attempt.make(new SplittableRandom(SEED + n));
              } catch (Exception | AssertionError e) {
                failure.compareAndSet(
                    null, new AssertionError(protocol + ", exchange of seed " + (SEED + n), e));
                break;
              }
            }
            done.countDown();
          });
    }
    done.await();

    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
    assertThat(get()).isEqualTo("");
    assertThat(answered.get()).isGreaterThan(read.get() / 3);
    assertThat(heldMemory()).isLessThan(MOST_MEMORY);
  }

  private static long heldMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  /// The server still answers.
  private String get() throws Exception {
    return HttpClient.newBuilder()
        .sslContext(trust)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/echo")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /// Sends bytes in some pieces, leaves in one of several ways, and checks what came back.
  private void exchange(
      String protocol, byte[] sent, RandomGenerator random, Consumer<byte[]> check)
      throws IOException {
    try (SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      socket.setSSLParameters(parameters);
      socket.setTcpNoDelay(true);
      socket.startHandshake(); // it may take longer than an answer is waited for
      socket.setSoTimeout(patienceMillis());
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        int at = 0;
        while (at < sent.length) {
          int piece = 1 + random.nextInt(random.nextBoolean() ? sent.length : 64);
          int length = Math.min(piece, sent.length - at);
          socket.getOutputStream().write(sent, at, length);
          at += length;
        }
        switch (random.nextInt(4)) {
          case 0 -> socket.shutdownOutput();
          case 1 -> {
            return; // without reading anything
          }
          default -> {}
        }
        read.incrementAndGet();
        read(socket, answer);
      } catch (SocketTimeoutException e) {
        // the server waits for more, as it may
      } catch (IOException e) {
        // it has closed the connection, as it may
      }
      if (answer.size() > 0) {
        answered.incrementAndGet();
      }
      check.accept(answer.toByteArray());
    }
  }

  /// The server may as well wait for more. With fewer answers than there should be, the machine has
  /// much to do, and answers are waited for longer.
  private int patienceMillis() {
    return answered.get() < read.get() / 2 ? 2_000 : 50;
  }

  private static void read(Socket socket, ByteArrayOutputStream answer) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[16 << 10];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      answer.write(buffer, 0, length);
    }
  }

  private static void checkHttp1(byte[] answer) {
    assertThat(FAILED.matcher(new String(answer, ISO_8859_1)).find()).isFalse();
  }

  /// Decodes the header fields of all answers.
  private static void checkHttp2(byte[] answer) {
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(answer));
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == 1 && payload.length == length) {
          ByteBuf block = Unpooled.wrappedBuffer(payload);
          CharSequence status = decoder.decodeHeaders(stream, block).status();
          assertThat(status.toString()).doesNotStartWith("5");
        }
      }
    } catch (EOFException e) {
      // all of it was looked at
    } catch (IOException | Http2Exception e) {
      fail("the answer is not HTTP/2", e);
    }
  }
}
