package dev.tiphys.network.router.proxy;

import static dev.tiphys.network.router.proxy.Scripted.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.tls.Certificates;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that speak HTTP/2, over TLS.
class Http2Test {

  private TestRouter router;
  private Certificates certificates;
  private HttpClient client;
  private URI uri;

  @BeforeEach
  void start() throws Exception {
    Authority authority = Authority.found(TestRouter.world(), "test");
    Credential own =
        authority.issue(Subject.server("proxy", List.of("localhost")), Duration.ofHours(1));
    router = new TestRouter();
    certificates =
        new Certificates(TestRouter.world(), new TlsSettings(own.key(), own.chain(), List.of()));
    uri = uri(router.listen(certificates));
    client = HttpClient.newBuilder().sslContext(trusting(authority.certificate())).build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    router.close();
  }

  private static URI uri(InetSocketAddress address) {
    return URI.create("https://localhost:" + address.getPort() + "/");
  }

  private static SSLContext trusting(X509Certificate authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void requestsOfAConnectionAreAnsweredAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(50);
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              while (true) {
                String head = connection.head();
                if (head.isEmpty()) {
                  return;
                }
                assertThat(head).contains("host: localhost", "x-forwarded-proto: https");
                assertThat(head).doesNotContain("x-http2");
                all.countDown();
                all.await(); // none is answered before all were asked
                connection.send(ok(head.split(" ", 3)[1]));
              }
            })) {
      router.all(server);
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(
            client.sendAsync(
                HttpRequest.newBuilder(uri.resolve("/" + i)).build(), BodyHandlers.ofString()));
      }
      for (int i = 0; i < 50; i++) {
        HttpResponse<String> answer = answers.get(i).get();
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("/" + i);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("x-http2"));
      }
    }
  }

  @Test
  void requestsThatFollowEachOtherShareAConnectionToTheEndpoint() throws Exception {
    try (Scripted server = Scripted.answering("hello")) {
      router.all(server);
      for (int i = 0; i < 20; i++) {
        HttpRequest get = HttpRequest.newBuilder(uri).build();
        assertThat(client.send(get, BodyHandlers.ofString()).body()).isEqualTo("hello");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  /// It is not that of what came last: a request may take longer than a connection may rest.
  @Test
  void theTimeThatAConnectionMayRestBeginsWithTheEndOfItsLastRequest() throws Exception {
    VirtualWorld world = new VirtualWorld(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (TestRouter timed = new TestRouter(world);
        Scripted server =
            new Scripted(
                (connection, _) -> {
                  while (!connection.head().isEmpty()) {
                    asked.countDown();
                    go.await();
                    connection.send(ok("hello"));
                  }
                })) {
      HttpRequest get = HttpRequest.newBuilder(uri(timed.listen(certificates))).build();
      timed.all(server);
      CompletableFuture<HttpResponse<String>> first =
          client.sendAsync(get, BodyHandlers.ofString());
      asked.await();
      world.advance(Duration.ofSeconds(50));
      go.countDown();
      String connection = first.get().connectionLabel().orElseThrow();
      world.advance(Duration.ofSeconds(50));
      assertThat(client.send(get, BodyHandlers.ofString()).connectionLabel()).hasValue(connection);
      while (timed.router().connections() > 0) {
        world.advance(Duration.ofSeconds(1));
        TestRouter.world().sleep(Duration.ofMillis(1)); // the event loops go at the machine's pace
      }
    }
  }

  @Test
  void aRequestIsTriedAgain() throws Exception {
    try (Scripted broken = new Scripted((connection, _) -> connection.head());
        Scripted server = Scripted.answering("hello")) {
      router.all(broken, server);
      for (int i = 0; i < 20; i++) {
        HttpRequest get = HttpRequest.newBuilder(uri).build();
        assertThat(client.send(get, BodyHandlers.ofString()).body()).isEqualTo("hello");
      }
    }
  }

  @Test
  void contentIsPassedOnBothWays() throws Exception {
    String content = "0123456789".repeat(100_000);
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              connection.head();
              connection.send(ok(connection.exactly(content.length())));
            })) {
      router.all(server);
      HttpRequest post = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(content)).build();
      assertThat(client.send(post, BodyHandlers.ofString()).body()).isEqualTo(content);
    }
  }

  @Test
  void aResponseWithoutALengthIsPassedOn() throws Exception {
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              connection.head();
              connection.send("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n2\nbc\n0\n\n");
            })) {
      router.all(server);
      HttpRequest get = HttpRequest.newBuilder(uri).build();
      assertThat(client.send(get, BodyHandlers.ofString()).body()).isEqualTo("abc");
    }
  }

  @Test
  void whatTheProxyAnswersItselfComesToo() throws Exception {
    HttpRequest get = HttpRequest.newBuilder(uri).build();
    assertThat(client.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
    HttpRequest head = HttpRequest.newBuilder(uri).HEAD().build();
    assertThat(client.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
  }

  @Test
  void aResponseThatBreaksOffIsSeenToBeBroken() throws Exception {
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              connection.head();
              connection.send("HTTP/1.1 200 OK\nContent-Length: 10\n\nhalf");
            })) {
      router.all(server);
      HttpRequest get = HttpRequest.newBuilder(uri).build();
      assertThatThrownBy(() -> client.send(get, BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(router.served().status()).isEqualTo(502);
    }
  }

  /// One stream that is not read leaves the others of its connection alone.
  @Test
  void aStreamThatIsNotReadHoldsUpItsEndpointAlone() throws Exception {
    AtomicLong written = new AtomicLong();
    String piece = "a".repeat(64 << 10);
    try (Scripted server =
        new Scripted(
            (connection, _) -> {
              if (connection.head().startsWith("GET /small")) {
                connection.send(ok("small"));
                return;
              }
              connection.send("HTTP/1.1 200 OK\nContent-Length: 1000000000000\n\n");
              while (true) {
                connection.exactly(piece);
                written.addAndGet(piece.length());
              }
            })) {
      router.all(server);
      HttpRequest endless = HttpRequest.newBuilder(uri.resolve("/endless")).build();
      try (InputStream unread = client.send(endless, BodyHandlers.ofInputStream()).body()) {
        long before = -1;
        while (before != written.get() || before == 0) {
          before = written.get();
          TestRouter.world().sleep(Duration.ofMillis(300));
        }
        assertThat(before).isLessThan(32 << 20);
        HttpRequest small = HttpRequest.newBuilder(uri.resolve("/small")).build();
        assertThat(client.send(small, BodyHandlers.ofString()).body()).isEqualTo("small");
        assertThat(unread.readNBytes(16 << 20)).hasSize(16 << 20);
      }
      router.served();
      assertThat(router.served().status()).as("the stream was reset").isEqualTo(499);
    }
  }
}
