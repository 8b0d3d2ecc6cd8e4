package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.AccessOptions.Impersonation;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a server proves itself to the client, and what the client shows it.
class HttpApiTlsTest {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final Authority OTHER = Authority.found(WORLD, "other");
  private static final Credential SERVING =
      AUTHORITY.issue(
          Subject.server("server", List.of("api.example.com", "*.nodes.example.com")),
          Duration.ofHours(1));

  private final Map<String, List<String>> shown = new TreeMap<>();
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "server", SERVING.key(), new char[0], SERVING.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      shown.putAll(exchange.getRequestHeaders());
      byte[] body =
          "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Kubeconfig.Access access(String authority, AccessOptions options) {
    String url = "https://127.0.0.1:" + server.getAddress().getPort();
    return new Kubeconfig.Access(url, authority, "", "", "", options);
  }

  private static AccessOptions options(boolean skip, String name, Impersonation as) {
    return new AccessOptions(skip, name, "", null, "", "", null, as, null);
  }

  private static void ask(Kubeconfig.Access access) {
    assertThat(
            new HttpApi(WORLD, access, "test")
                .get(ApiResource.CONFIG_MAPS, "default", "a")
                .string("kind"))
        .isEqualTo("ConfigMap");
  }

  @ParameterizedTest
  @CsvSource({
    // who vouches, skip, name, whether the server is believed
    "own, false, api.example.com, true",
    "own, false, API.example.com, true",
    "own, false, a.nodes.example.com, true",
    "own, false, a.b.nodes.example.com, false",
    "own, false, nodes.example.com, false",
    "own, false, other.example.com, false",
    "own, false, '', false",
    "other, false, api.example.com, false",
    "none, true, '', true",
    "none, false, api.example.com, false"
  })
  void aServerIsBelievedAsTheKubeconfigSays(
      String authority, boolean skip, String name, boolean believed) {
    String pem =
        switch (authority) {
          case "own" -> Pem.of(List.of(AUTHORITY.certificate()));
          case "other" -> Pem.of(List.of(OTHER.certificate()));
          default -> "";
        };
    Kubeconfig.Access access = access(pem, options(skip, name, Impersonation.NONE));

    if (believed) {
      ask(access);
    } else {
      assertThatThrownBy(() -> ask(access))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE));
      assertThat(shown).isEmpty();
    }
  }

  @Test
  void whoAsksAsAnotherSaysSo() {
    ask(
        access(
            "",
            options(
                true,
                "",
                new Impersonation(
                    "bob",
                    "7",
                    List.of("a", "b"),
                    Map.of("reason", List.of("test"), "example.com/50%", List.of("x"))))));

    assertThat(shown)
        .containsEntry("Impersonate-user", List.of("bob"))
        .containsEntry("Impersonate-uid", List.of("7"))
        .containsEntry("Impersonate-group", List.of("a", "b"))
        .containsEntry("Impersonate-extra-reason", List.of("test"))
        .containsEntry("Impersonate-extra-example.com%2f50%25", List.of("x"));
  }
}
