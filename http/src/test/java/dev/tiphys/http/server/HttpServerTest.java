package dev.tiphys.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.http.Body;
import dev.tiphys.http.ContentTooLargeException;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.Tunnel;
import dev.tiphys.http.WebSocket;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final int LARGEST = 1 << 20;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final HttpServer server = new HttpServer(WORLD, this::handle, LARGEST);
  private int port;

  @BeforeEach
  void listen() throws IOException {
    Credential credential =
        AUTHORITY.issue(Subject.server("server", List.of("localhost")), Duration.ofHours(1));
    server.secure(
        new TlsSettings(credential.key(), credential.chain(), List.of(AUTHORITY.certificate())));
    port = server.listen(new InetSocketAddress("localhost", 0)).getPort();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void handle(Exchange exchange) throws Exception {
    switch (exchange.path()) {
      case "/echo" -> exchange.respond(echo(exchange));
      case "/who" ->
          exchange.respond(
              Response.of(
                  200,
                  "text/plain",
                  exchange.certificates().stream()
                      .map(c -> c.getSubjectX500Principal().getName())
                      .findFirst()
                      .orElse("nobody")
                      .getBytes(UTF_8)));
      case "/large" -> {
        Body.Builder body = new Body.Builder();
        byte[] piece = "0123456789".repeat(100).getBytes(UTF_8);
        for (int i = 0; i < 10_000; i++) {
          body.add(piece);
        }
        exchange.respond(new Response(200, List.of(), body.build()));
      }
      case "/stream" -> {
        ResponseStream stream = exchange.stream(200, List.of());
        for (int i = 0; i < 3; i++) {
          stream.offer(("line " + i + "\n").getBytes(UTF_8));
        }
        stream.close();
      }
      case "/forever" -> {
        ResponseStream stream = exchange.stream(200, List.of());
        stream.onEnd(ended::countDown);
        byte[] piece = new byte[64 << 10];
        while (stream.offer(piece)) {
          Thread.onSpinWait();
        }
        stream.abort();
      }
      case "/upgrade" -> {
        Tunnel tunnel =
            exchange.upgrade(
                List.of(new Header("Upgrade", "shout"), new Header("Connection", "Upgrade")));
        BufferedReader in = new BufferedReader(new InputStreamReader(tunnel.input(), UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          tunnel.output().write((line.toUpperCase(java.util.Locale.ROOT) + "\n").getBytes(UTF_8));
        }
        tunnel.close();
      }
      case "/first" -> {
        try (Tunnel tunnel = exchange.upgrade(List.of(new Header("Upgrade", "shout")))) {
          tunnel.output().write("first\n".getBytes(UTF_8));
          tunnel.output().write("last\n".getBytes(UTF_8));
        }
      }
      case "/messages" -> {
        ResponseStream stream =
            WebSocket.acceptToSend(exchange, "", exchange.query().equals("text"));
        stream.onEnd(ended::countDown);
        for (int i = 0; i < 3; i++) {
          stream.offer(("message " + i).getBytes(UTF_8));
        }
        if (exchange.header("x-stay") == null) {
          stream.close();
        }
      }
      case "/broken" -> throw new IllegalStateException("expected in this test");
      default -> exchange.respond(new Response(404, List.of(), Body.EMPTY));
    }
  }

  private static Response echo(Exchange exchange) throws IOException {
    String request = exchange.method() + " " + exchange.query() + " " + exchange.header("X-Word");
    try {
      int length = exchange.content().readAllBytes().length;
      return Response.of(200, "text/plain", (request + " " + length).getBytes(UTF_8));
    } catch (ContentTooLargeException e) {
      return new Response(413, List.of(), Body.EMPTY);
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aRequestIsAnswered(HttpClient.Version version) throws Exception {
    HttpResponse<String> answer =
        client(version, null)
            .send(
                request("/echo?a=b")
                    .header("x-word", "hello")
                    .POST(HttpRequest.BodyPublishers.ofString("12345"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.body()).isEqualTo("POST a=b hello 5");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void anAnswerToHeadHasNoContent(HttpClient.Version version) throws Exception {
    HttpClient client = client(version, null);
    HttpResponse<String> answer =
        client.send(
            request("/echo").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(12);
    assertThat(get(client, "/echo?x")).startsWith("GET x");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void manyRequestsShareAConnection(HttpClient.Version version) throws Exception {
    HttpClient client = client(version, null);
    for (int i = 0; i < 100; i++) {
      assertThat(get(client, "/echo?n=" + i)).startsWith("GET n=" + i);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void contentBeyondTheLimitIsRefused(HttpClient.Version version) throws Exception {
    HttpResponse<String> answer =
        client(version, null)
            .send(
                request("/echo")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[LARGEST + 1]))
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(get(client(version, null), "/echo?x")).startsWith("GET x");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aLargeAnswerArrivesWhole(HttpClient.Version version) throws Exception {
    assertThat(get(client(version, null), "/large")).hasSize(10_000_000).endsWith("0123456789");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aStreamArrivesPieceByPiece(HttpClient.Version version) throws Exception {
    assertThat(get(client(version, null), "/stream")).isEqualTo("line 0\nline 1\nline 2\n");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aClientThatDoesNotReadIsGivenUp(HttpClient.Version version) throws Exception {
    HttpResponse<InputStream> answer =
        client(version, null)
            .send(request("/forever").build(), HttpResponse.BodyHandlers.ofInputStream());

    ended.await();
    assertThatThrownBy(() -> answer.body().transferTo(java.io.OutputStream.nullOutputStream()))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aFailureIsAnsweredAndLeavesTheServerRunning(HttpClient.Version version) throws Exception {
    HttpClient client = client(version, null);
    assertThat(
            client
                .send(request("/broken").build(), HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(500);
    assertThat(get(client, "/echo?x")).startsWith("GET x");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aClientMayProveItsIdentity(HttpClient.Version version) throws Exception {
    Credential ann = AUTHORITY.issue(Subject.client("ann", "team"), Duration.ofHours(1));

    assertThat(get(client(version, ann), "/who")).isEqualTo("CN=ann,O=team");
    assertThat(get(client(version, null), "/who")).isEqualTo("nobody");
  }

  @Test
  void aNewCertificateIsUsedForNewConnections() throws Exception {
    Authority next = Authority.found(WORLD, "next");
    Credential credential =
        next.issue(Subject.server("server", List.of("localhost")), Duration.ofHours(1));
    HttpClient before = client(HttpClient.Version.HTTP_2, null);
    get(before, "/echo");

    server.secure(new TlsSettings(credential.key(), credential.chain(), List.of()));

    assertThat(get(before, "/echo")).startsWith("GET");
    assertThatThrownBy(() -> get(client(HttpClient.Version.HTTP_2, null), "/echo"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aConnectionCanBeTakenOver() throws Exception {
    try (Socket socket = context(null).getSocketFactory().createSocket("localhost", port)) {
      socket
          .getOutputStream()
          .write(
              "GET /upgrade HTTP/1.1\r\nHost: x\r\nUpgrade: shout\r\nConnection: Upgrade\r\n\r\n"
                  .getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertThat(in.readLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
      while (!in.readLine().isEmpty()) {
        // header fields
      }
      socket.getOutputStream().write("early\n".getBytes(UTF_8));
      assertThat(in.readLine()).isEqualTo("EARLY");
      socket.getOutputStream().write("late\n".getBytes(UTF_8));
      assertThat(in.readLine()).isEqualTo("LATE");
    }
  }

  @Test
  void nothingIsLostWhenTheServerSpeaksFirst() throws Exception {
    SSLSocketFactory sockets = context(null).getSocketFactory(); // one: sessions are resumed
    for (int i = 0; i < 100; i++) {
      try (Socket socket = sockets.createSocket("localhost", port)) {
        socket.setTcpNoDelay(true);
        socket
            .getOutputStream()
            .write(
                "GET /first HTTP/1.1\r\nHost: x\r\nUpgrade: shout\r\nConnection: Upgrade\r\n\r\n"
                    .getBytes(UTF_8));

        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 101 ")
            .endsWith("\r\n\r\nfirst\nlast\n");
      }
    }
  }

  @Test
  void aStreamCanBeMessagesOfAWebSocket() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    CountDownLatch closed = new CountDownLatch(1);

    socket("/messages?text", new Hearing(heard, closed));
    closed.await();

    assertThat(heard)
        .containsExactly("text message 0", "text message 1", "text message 2", "closed 1000");
    ended.await();
  }

  @Test
  void messagesOfAWebSocketCanBeBytes() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    CountDownLatch closed = new CountDownLatch(1);

    socket("/messages", new Hearing(heard, closed));
    closed.await();

    assertThat(heard).contains("bytes message 0", "bytes message 2");
  }

  @Test
  void aWebSocketAnswersPingsAndGoodbyes() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    CountDownLatch closed = new CountDownLatch(1);
    java.net.http.WebSocket socket =
        client(HttpClient.Version.HTTP_1_1, null)
            .newWebSocketBuilder()
            .header("x-stay", "yes")
            .buildAsync(
                URI.create("wss://localhost:" + port + "/messages?text"),
                new Hearing(heard, closed))
            .join();

    socket.sendPing(ByteBuffer.wrap("are you there".getBytes(UTF_8))).join();
    socket.sendText("nobody listens", true).join();
    socket.sendClose(java.net.http.WebSocket.NORMAL_CLOSURE, "bye").join();
    closed.await();

    assertThat(heard).contains("pong are you there").endsWith("closed 1000");
    ended.await();
  }

  private void socket(String path, Hearing hearing) throws Exception {
    client(HttpClient.Version.HTTP_1_1, null)
        .newWebSocketBuilder()
        .buildAsync(URI.create("wss://localhost:" + port + path), hearing)
        .join();
  }

  /// Notes what a WebSocket brings.
  private record Hearing(List<String> heard, CountDownLatch closed)
      implements java.net.http.WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence data, boolean last) {
      heard.add("text " + data);
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(
        java.net.http.WebSocket socket, ByteBuffer data, boolean last) {
      heard.add("bytes " + UTF_8.decode(data));
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(java.net.http.WebSocket socket, ByteBuffer message) {
      heard.add("pong " + UTF_8.decode(message));
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
      heard.add("closed " + code);
      closed.countDown();
      return null;
    }
  }

  @Test
  void aSlowStreamDoesNotHoldUpAnotherOnTheSameConnection() throws Exception {
    HttpClient client = client(HttpClient.Version.HTTP_2, null);
    CompletableFuture<HttpResponse<InputStream>> slow =
        client.sendAsync(request("/forever").build(), HttpResponse.BodyHandlers.ofInputStream());
    slow.join();

    for (int i = 0; i < 20; i++) {
      assertThat(get(client, "/echo?n=" + i)).startsWith("GET n=" + i);
    }
    ended.await();
  }

  @Test
  void aPortThatIsTakenIsToldByName() {
    HttpServer other = new HttpServer(WORLD, this::handle, LARGEST);
    assertThatThrownBy(() -> other.listen(new InetSocketAddress("localhost", port)))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on localhost:" + port);
    other.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
  }

  private String get(HttpClient client, String path) throws Exception {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpClient client(HttpClient.Version version, Credential credential)
      throws Exception {
    return HttpClient.newBuilder().version(version).sslContext(context(credential)).build();
  }

  private static SSLContext context(Credential credential) throws Exception {
    return Trust.in(AUTHORITY.certificate(), credential);
  }
}
