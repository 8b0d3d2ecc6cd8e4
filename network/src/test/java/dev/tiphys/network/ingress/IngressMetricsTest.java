package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.network.router.proxy.Observer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The names and labels of what is counted.
class IngressMetricsTest {

  private static Observer.Served served(String method, String route) {
    return new Observer.Served(
        method,
        "asked.example.com",
        "/x",
        route,
        "default/web:80",
        "10.244.0.2:8080",
        1,
        200,
        Duration.ofMillis(20),
        "7");
  }

  @Test
  void requestsAreCountedByTheirIngress() {
    IngressMetrics metrics = new IngressMetrics();
    metrics.ended(served("GET", "default/app@*.example.com/x/y"));
    metrics.ended(served("BREW", "default/app@*.example.com/x/y"));
    metrics.ended(served("GET", "a route of something else"));
    Exposition out = new Exposition();
    metrics.write(out);
    String labels =
        "host=\"*.example.com\",namespace=\"default\",ingress=\"app\",path=\"/x/y\",service=\"web\"";
    assertThat(out.toString())
        .contains(
            "nginx_ingress_controller_requests{" + labels + ",method=\"GET\",status=\"200\"} 1")
        .contains("nginx_ingress_controller_requests{" + labels + ",method=\"_\",status=\"200\"} 1")
        .contains(
            "nginx_ingress_controller_request_duration_seconds_bucket{"
                + labels
                + ",method=\"GET\",status=\"200\",le=\"0.025\"} 1");
    assertThat(out.toString().lines().filter(each -> each.contains("_requests{"))).hasSize(2);
  }

  /// Dashboards find families and labels by these names.
  @ParameterizedTest
  @CsvSource({
    "nginx_ingress_controller_requests, counter",
    "nginx_ingress_controller_request_duration_seconds, histogram",
  })
  void familiesAreNamedAsUpstreams(String family, String type) {
    IngressMetrics metrics = new IngressMetrics();
    metrics.ended(served("GET", "default/app@a.example.com/"));
    Exposition out = new Exposition();
    metrics.write(out);

    assertThat(out.toString()).contains("# TYPE " + family + " " + type + "\n");
    assertThat(
            out.toString()
                .lines()
                .filter(each -> each.startsWith(family) && each.contains("{"))
                .findFirst()
                .orElseThrow())
        .containsSubsequence(
            "host=\"",
            "namespace=\"",
            "ingress=\"",
            "path=\"",
            "service=\"",
            "method=\"",
            "status=\"");
  }
}
