package dev.tiphys.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A webhook or another server on a port of its own, which answers as it is told to.
final class WebhookServer implements AutoCloseable {

  private final Authority authority = Authority.found(RunningServer.WORLD, "webhooks");
  private final HttpsServer server;
  private volatile UnaryOperator<Struct> answer = review -> review;

  /// @param answer from a review to the review that is answered
  WebhookServer(UnaryOperator<Struct> answer) throws IOException, GeneralSecurityException {
    this.answer = answer;
    this.server = start(this::review);
  }

  private WebhookServer(Handler any) throws IOException, GeneralSecurityException {
    this.server = start(any.handler);
  }

  private record Handler(HttpHandler handler) {}

  /// @param handler answers any request
  static WebhookServer answering(HttpHandler handler) throws IOException, GeneralSecurityException {
    return new WebhookServer(new Handler(handler));
  }

  private HttpsServer start(HttpHandler handler) throws IOException, GeneralSecurityException {
    Credential own =
        authority.issue(
            Subject.server("webhook", List.of("127.0.0.1", "hook.default.svc")),
            Duration.ofHours(1));
    KeyStore store = KeyStore.getInstance("JKS"); // PKCS12 derives keys 20,000 times over
    store.load(null, null);
    store.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    HttpsServer made = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    made.setHttpsConfigurator(new HttpsConfigurator(tls));
    made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    made.createContext("/", handler);
    made.start();
    return made;
  }

  private void review(HttpExchange exchange) throws IOException {
    Struct review = Json.struct(exchange.getRequestBody().readAllBytes());
    send(exchange, 200, Json.bytes(answer.apply(review)));
  }

  /// Sends a whole answer in JSON.
  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// From now on it answers otherwise.
  void answers(UnaryOperator<Struct> other) {
    answer = other;
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "https://127.0.0.1:" + port() + "/review";
  }

  /// What vouches for it, as PEM.
  String authority() {
    return Pem.of(List.of(authority.certificate()));
  }

  /// What vouches for it, as `caBundle` has it.
  String caBundle() {
    return Base64.getEncoder().encodeToString(authority().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
