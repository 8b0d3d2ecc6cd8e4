package dev.tiphys.secrets.vault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsExchange;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;

/// A [Vault] that is asked over HTTP. It writes down what it is asked, and can be sealed, be a
/// standby, or have too much to do.
///
/// Threads: any.
public final class VaultServer implements AutoCloseable {

  public final Vault vault;

  /// What was asked: `GET secret/data/db`.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /// Whether it has no keys to its own data.
  public volatile boolean sealed;

  /// The status of a server that does not answer itself, such as 473; 0 if it does.
  public volatile int standby;

  /// Where the active server is, if this is a standby that says so; empty otherwise.
  public volatile String active = "";

  /// How many further requests it refuses since there are too many.
  public final AtomicInteger throttled = new AtomicInteger();

  /// The most requests that it had at the same time.
  public final AtomicInteger most = new AtomicInteger();

  /// The headers of the last request.
  public volatile Map<String, String> headers = Map.of();

  /// What requests wait for before they are answered.
  public volatile CountDownLatch held = new CountDownLatch(0);

  /// The content of the last request that had any.
  public volatile String lastBody = "";

  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger index = new AtomicInteger();
  private final HttpServer server;
  private final String scheme;

  /// @param server not started yet
  VaultServer(Vault vault, HttpServer server, String scheme) {
    this.vault = vault;
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::answer);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.start();
  }

  public URI uri() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
  }

  /// How many requests it has now.
  public int busy() {
    return now.get();
  }

  /// How often it was asked what begins so.
  public long count(String beginning) {
    return asked.stream().filter(each -> each.startsWith(beginning)).count();
  }

  private void answer(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try (exchange) {
      held.await();
      VaultReply reply;
      try {
        reply = reply(exchange);
      } catch (RuntimeException e) {
        reply = VaultReply.failure(500, "internal error: " + e);
      }
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.getResponseHeaders().add("Cache-Control", "no-store");
      reply.headers().forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      now.decrementAndGet();
    }
  }

  private VaultReply reply(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] content = exchange.getRequestBody().readAllBytes();
    lastBody = content.length == 0 ? lastBody : new String(content, StandardCharsets.UTF_8);
    asked.add(exchange.getRequestMethod() + " " + path.replaceFirst("^/v1/", ""));
    if (!path.startsWith("/v1/")) {
      return VaultReply.failure(404);
    }
    if (!active.isEmpty()) {
      return new VaultReply(307, "", Map.of("Location", active + exchange.getRequestURI()));
    }
    if (standby != 0) {
      return VaultReply.failure(standby, "Vault is in standby mode");
    }
    if (sealed) {
      return VaultReply.failure(503, "Vault is sealed");
    }
    if (throttled.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return VaultReply.failure(429, "request path \"" + path + "\": rate limit quota exceeded")
          .with("Retry-After", "1");
    }
    Struct body;
    try {
      body = content.length == 0 ? Struct.EMPTY : Json.struct(content);
    } catch (EncodingException e) {
      return VaultReply.failure(400, "error parsing JSON");
    }
    VaultReply reply = vault.answer(request(exchange, path.substring("/v1/".length()), body));
    String state = "v1:cluster:" + index.incrementAndGet() + ":0:00";
    return reply.headers().isEmpty()
        ? reply.with(
            "X-Vault-Index",
            Base64.getEncoder().encodeToString(state.getBytes(StandardCharsets.UTF_8)))
        : reply;
  }

  private VaultRequest request(HttpExchange exchange, String path, Struct body) {
    Map<String, String> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> given.put(name, String.join(",", values)));
    headers = given;
    String namespace = given.getOrDefault("X-Vault-Namespace", "").replaceAll("^/|/$", "");
    String token = given.getOrDefault("X-Vault-Token", "");
    return new VaultRequest(
        exchange.getRequestMethod(),
        path.replaceAll("/+$", ""),
        query(exchange.getRequestURI()),
        body,
        token,
        namespace.isEmpty() ? "" : namespace + "/",
        given,
        certificates(exchange));
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    String raw = uri.getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private static List<X509Certificate> certificates(HttpExchange exchange) {
    List<X509Certificate> shown = new ArrayList<>();
    if (exchange instanceof HttpsExchange secure) {
      try {
        for (Certificate each : secure.getSSLSession().getPeerCertificates()) {
          shown.add((X509Certificate) each);
        }
      } catch (SSLPeerUnverifiedException e) {
        // the client has shown none
      }
    }
    return shown;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
