package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.RealWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests are counted as upstream's clients count them.
class RequestMetricsTest {

  private static final byte[] POD =
      "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\"}}".getBytes(StandardCharsets.UTF_8);

  private final RequestMetrics metrics = new RequestMetrics();
  private HttpServer server;
  private HttpApi api;
  private String host;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", RequestMetricsTest::answer);
    server.start();
    host = "127.0.0.1:" + server.getAddress().getPort();
    api =
        new HttpApi(
            new RealWorld(),
            new Kubeconfig.Access("http://" + host, "", "", "", ""),
            "test",
            metrics);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      boolean found = !exchange.getRequestURI().getPath().endsWith("/gone");
      exchange.sendResponseHeaders(found ? 200 : 404, POD.length);
      exchange.getResponseBody().write(POD);
    }
  }

  private String told() {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  @Test
  void byWhatWasAskedAndWhatWasAnswered() {
    Struct pod = api.get(ApiResource.PODS, "default", "web");
    api.as("another").update(ApiResource.PODS, pod);
    assertThatThrownBy(() -> api.get(ApiResource.PODS, "default", "gone"))
        .isInstanceOf(ApiException.class);
    server.stop(0);
    assertThatThrownBy(() -> api.get(ApiResource.PODS, "default", "web"))
        .isInstanceOf(ApiException.class);

    assertThat(told())
        .contains(
            "rest_client_requests_total{code=\"200\",host=\"%s\",method=\"GET\"} 1".formatted(host),
            "rest_client_requests_total{code=\"200\",host=\"%s\",method=\"PUT\"} 1".formatted(host),
            "rest_client_requests_total{code=\"404\",host=\"%s\",method=\"GET\"} 1".formatted(host),
            "rest_client_requests_total{code=\"<error>\",host=\"%s\",method=\"GET\"} 1"
                .formatted(host),
            "rest_client_request_duration_seconds_count{host=\"%s\",verb=\"GET\"} 3"
                .formatted(host),
            "rest_client_response_size_bytes_sum{host=\"%s\",verb=\"GET\"} %d"
                .formatted(host, 2 * POD.length),
            "rest_client_request_size_bytes_count{host=\"%s\",verb=\"PUT\"} 1".formatted(host));
  }
}
