package dev.tiphys.network.istio.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is counted, and under which names.
class IstioMetricsTest {

  private final IstioMetrics metrics = new IstioMetrics();

  private void ended(String backend, String endpoint, int status) {
    metrics.ended(
        new Observer.Served(
            "GET",
            "shop",
            "/",
            "default/shop/0",
            backend,
            endpoint,
            1,
            status,
            Duration.ofMillis(7),
            "1",
            InetAddress.ofLiteral("10.244.0.9")));
  }

  private String page() {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  @Test
  void requestsAreCountedByCallerAndDestination() {
    Struct caller =
        Yaml.struct(
            """
            metadata:
              name: web-7f9c-x
              namespace: front
              labels: {app: web, version: v3, pod-template-hash: 7f9c}
              ownerReferences: [{kind: ReplicaSet, name: web-7f9c, uid: u, controller: true}]
            """);
    metrics.follow(Map.of(InetAddress.ofLiteral("10.244.0.9"), caller)::get);
    ended("outbound|80|v2|shop.default.svc.cluster.local", "10.244.0.2:8080", 200);
    assertThat(page())
        .contains(
            "istio_requests_total{reporter=\"source\",source_workload=\"web\","
                + "source_workload_namespace=\"front\",source_app=\"web\",source_version=\"v3\"")
        .contains(
            "destination_service=\"shop.default.svc.cluster.local\","
                + "destination_service_name=\"shop\",destination_service_namespace=\"default\","
                + "request_protocol=\"http\",response_code=\"200\",response_flags=\"-\"")
        .containsPattern("istio_request_duration_milliseconds_bucket\\{.*le=\"5\"} 0\n")
        .containsPattern("istio_request_duration_milliseconds_bucket\\{.*le=\"10\"} 1\n")
        .containsPattern("istio_request_duration_milliseconds_sum\\{.*} 7\n");
  }

  @Test
  void whyThereWasNoResponseIsToldAndOthersRequestsAreNotCounted() {
    ended("outbound|80||shop.default.svc.cluster.local", "", 503);
    ended("default/web:80", "10.244.0.2:8080", 418);
    assertThat(page())
        .contains("source_workload=\"unknown\"", "response_code=\"503\",response_flags=\"UH\"")
        .doesNotContain("418");
  }

  /// Dashboards find families and labels by these names.
  @ParameterizedTest
  @CsvSource({
    "istio_requests_total, counter",
    "istio_request_duration_milliseconds, histogram",
  })
  void familiesAreNamedAsUpstreams(String family, String type) {
    ended("outbound|80||shop.default.svc.cluster.local", "10.244.0.2:8080", 200);

    assertThat(page()).contains("# TYPE " + family + " " + type + "\n");
    assertThat(
            page()
                .lines()
                .filter(each -> each.startsWith(family) && each.contains("{"))
                .findFirst()
                .orElseThrow())
        .containsSubsequence(
            "reporter=\"",
            "source_workload=\"",
            "source_workload_namespace=\"",
            "source_app=\"",
            "source_version=\"",
            "destination_workload=\"",
            "destination_workload_namespace=\"",
            "destination_app=\"",
            "destination_version=\"",
            "destination_service=\"",
            "destination_service_name=\"",
            "destination_service_namespace=\"",
            "request_protocol=\"",
            "response_code=\"",
            "response_flags=\"",
            "connection_security_policy=\"");
  }
}
