package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ServedResource;
import dev.tiphys.world.RealWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What servers of several versions tell of what they serve.
class HttpApiDiscoveryTest {

  private HttpServer server;
  private String known = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /// As upstream's server does: what it does not know in the header is passed over, and only if
  /// nothing is left it refuses.
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String accepted = String.join(",", exchange.getRequestHeaders().get("Accept"));
      boolean isKnown =
          List.of(accepted.split(",")).stream().anyMatch(one -> one.contains(";v=" + known + ";"));
      byte[] body =
          """
          {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/%s", "items": [
            {"metadata": {"name": "apps"}, "versions": [{"version": "v1", "resources": [
              {"resource": "deployments", "responseKind": {"kind": "Deployment"},
               "scope": "Namespaced", "verbs": ["get"]}]}]}]}
          """
              .formatted(known)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(isKnown ? 200 : 406, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "v2beta1"})
  void whatAServerServesIsLearntInTheVersionThatItKnows(String version) {
    known = version;
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    HttpApi api = new HttpApi(new RealWorld(), new Kubeconfig.Access(url, "", "", "", ""), "test");

    assertThat(api.discover().known())
        .extracting(ServedResource::resource)
        .extracting(resource -> resource.toString())
        .containsExactly("deployments.apps");
  }
}
