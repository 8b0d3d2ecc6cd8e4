package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private final RunningServer server;
  private final Wire wire;

  MetricsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void requestsObjectsAndTheProcessAreTold() throws Exception {
    wire.post(
        "/api/v1/namespaces/default/configmaps",
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"one\"}}");
    wire.get("/api/v1/namespaces/default/configmaps/none");

    String metrics = metricsWith("code=\"201\"", "code=\"404\"");

    String about =
        "component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"%s\",subresource=\"\",verb=\"%s\",version=\"v1\"";
    assertThat(metrics)
        .contains("# TYPE apiserver_request_total counter\n")
        .contains(
            "apiserver_request_total{code=\"201\",dry_run=\"\","
                + about.formatted("namespace", "POST")
                + "} 1\n")
        .contains(
            "apiserver_request_total{code=\"404\",dry_run=\"\","
                + about.formatted("resource", "GET")
                + "} 1\n")
        .contains(
            "apiserver_request_duration_seconds_count{"
                + about.formatted("resource", "GET")
                + "} 1\n")
        .containsPattern("apiserver_storage_objects\\{resource=\"configmaps\"} [1-9]\\d*\n")
        .contains("apiserver_storage_objects{resource=\"deployments.apps\"} 0\n")
        .contains("kubernetes_build_info{git_version=\"v1.36.0");
    assertThat(metrics).containsPattern("process_resident_memory_bytes [1-9]\\d{6,}\n");
  }

  /// The metrics, once they have some things: a request is counted after its answer was sent.
  private String metricsWith(String... samples) throws Exception {
    String metrics = wire.get("/metrics").text();
    while (!Stream.of(samples).allMatch(metrics::contains)) {
      metrics = wire.get("/metrics").text();
    }
    return metrics;
  }

  @Test
  void namesThatClientsInventAreNotCountedBy() throws Exception {
    for (int i = 0; i < 20; i++) {
      wire.get("/api/v1/invented" + i);
      wire.get("/apis/invented" + i + "/v1/pods");
      wire.get("/api/v1/namespaces/default/pods/x/invented" + i);
      wire.send("CONJURED", "/api/v1/namespaces/default/pods/x", "");
    }

    assertThat(wire.get("/metrics").text())
        .doesNotContain("invented")
        .doesNotContainIgnoringCase("conjured");
  }
}
