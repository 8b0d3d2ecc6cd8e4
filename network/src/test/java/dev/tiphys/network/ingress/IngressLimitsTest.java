package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Limits, headers that a ConfigMap gives, and passwords that are not told.
class IngressLimitsTest extends ServedIngresses {

  private static String md5(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void server(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", handler);
    server.start();
    servers.add(server);
    api.apply(
        ApiResource.SERVICES, "{metadata: {name: one}, spec: {ports: [{name: web, port: 80}]}}");
    slice("one", server.getAddress().getPort(), true);
  }

  @Test
  void responsesAreNoFasterThanTheirRate() throws Exception {
    byte[] content = new byte[400 << 10];
    server(
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    ingress("app", "limit-rate=100|limit-rate-after=200", rule("a", "Prefix / one"));
    api.eventually(() -> !edge.addresses(settings.http()).isEmpty());
    api.eventually(() -> head("a", "HEAD", "/").startsWith("HTTP/1.1 200"));
    long begun = System.nanoTime();
    assertThat(get("a", "/")).hasSize(content.length + 4);
    Duration taken = Duration.ofNanos(System.nanoTime() - begun);
    // 400 KiB without the first 200 and those of the first second, at 100 a second
    assertThat(taken).isGreaterThan(Duration.ofMillis(950));
    ingress("app", "", rule("a", "Prefix / one"));
    api.eventually(
        () -> {
          long now = System.nanoTime();
          get("a", "/");
          return System.nanoTime() - now < 900_000_000;
        });
  }

  /// As nginx counts them: a connection counts while a request of it is under way, and each stream
  /// of HTTP/2 is one.
  @Test
  void connectionsCountWhileTheyAskForSomething() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server(
        exchange -> {
          try {
            if (exchange.getRequestURI().getPath().equals("/slow")) {
              go.await();
            }
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    ingress("app", "limit-connections=1", rule("a", "Prefix / one"));
    comes("200 ", "a", "/");
    try (Socket idle = new Socket(address.getAddress(), address.getPort());
        Socket busy = new Socket(address.getAddress(), address.getPort())) {
      idle.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(idle.getInputStream().read()).isEqualTo('H');
      assertThat(get("a", "/")).as("a connection that rests does not count").isEqualTo("200 ");
      busy.getOutputStream()
          .write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      comes("503", "a", "/");
      go.countDown();
      comes("200 ", "a", "/");
    }
  }

  @Test
  void headersOfAConfigMapAreSent() throws Exception {
    service("one");
    ingress("app", "custom-headers=default/more", rule("a", "Prefix / one"));
    comes("503", "a", "/");
    api.apply(
        ApiResource.CONFIG_MAPS,
        "{metadata: {name: more}, data: {X-First: 'one, two', X-Frame-Options: DENY}}");
    comes("200 one /", "a", "/");
    String head = head("a", "GET", "/");
    assertThat(field(head, "x-first")).isEqualTo("one, two");
    assertThat(field(head, "x-frame-options")).isEqualTo("DENY");
    api.apply(ApiResource.CONFIG_MAPS, "{metadata: {name: more}, data: {X-First: changed}}");
    api.eventually(() -> field(head("a", "GET", "/"), "x-first").equals("changed"));
    api.apply(
        ApiResource.CONFIG_MAPS, "{metadata: {name: more}, data: {X-First: \"two\\nlines\"}}");
    comes("503", "a", "/");
  }

  @Test
  void passwordsAreProvenWithoutBeingTold() throws Exception {
    service("one");
    ingress("app", "auth-type=digest|auth-secret=users|auth-realm=here", rule("a", "Prefix / one"));
    comes("503", "a", "/");
    String secret = md5("user:here:secret");
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: users}, type: Opaque, data: {auth: %s}}"
            .formatted(
                Base64.getEncoder()
                    .encodeToString(
                        ("user:here:" + secret + "\n").getBytes(StandardCharsets.UTF_8))));
    comes("401", "a", "/x?y");
    String nonce = nonce("Authorization: none");
    assertThat(get("a", "/x?y", answer(secret, nonce, 1))).isEqualTo("200 one /x?y");
    assertThat(get("a", "/x?y", answer(secret, nonce, 1))).as("sent again").isEqualTo("401");
    assertThat(head("a", "GET", "/x?y", answer(secret, nonce, 1))).contains("stale=\"true\"");
    assertThat(get("a", "/x?y", answer(secret, nonce, 2))).isEqualTo("200 one /x?y");
    assertThat(get("a", "/z", answer(secret, nonce, 3))).as("of another page").isEqualTo("401");
    assertThat(get("a", "/x?y", answer(md5("user:here:wrong"), nonce, 4))).isEqualTo("401");
    assertThat(get("a", "/x?y", answer(secret, "made-up", 1))).isEqualTo("401");
    assertThat(field(head("a", "GET", "/x?y", answer(secret, nonce, 5)), "authentication-info"))
        .contains("rspauth=\"" + response(secret, nonce, 5, ":/x?y") + "\"");
  }

  private String nonce(String header) throws IOException {
    String challenge = field(head("a", "GET", "/x?y", header), "www-authenticate");
    assertThat(challenge)
        .startsWith("Digest algorithm=\"MD5\", qop=\"auth\", realm=\"here\", nonce=\"");
    return challenge.split("nonce=\"", 2)[1].split("\"", 2)[0];
  }

  private static String response(String secret, String nonce, int count, String asked)
      throws Exception {
    return md5("%s:%s:%08x:abc:auth:%s".formatted(secret, nonce, count, md5(asked)));
  }

  private static String answer(String secret, String nonce, int count) throws Exception {
    return ("Authorization: Digest username=\"user\", realm=\"here\", nonce=\"%s\", uri=\"/x?y\","
            + " algorithm=MD5, qop=auth, nc=%08x, cnonce=\"abc\", response=\"%s\"")
        .formatted(nonce, count, response(secret, nonce, count, "GET:/x?y"));
  }
}
