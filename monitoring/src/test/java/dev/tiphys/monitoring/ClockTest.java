package dev.tiphys.monitoring;

import static dev.tiphys.client.ApiResource.ENDPOINT_SLICES;
import static dev.tiphys.monitoring.model.MonitoringResources.ALERTMANAGER_CONFIGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A clock that is set, forwards or back, stops nothing: not what finds targets, reloads, looks at
/// scrapes, or alerts.
class ClockTest {

  @TempDir Path directory;

  @ParameterizedTest(name = "by {0}")
  @ValueSource(strings = {"PT3H", "-PT3H", "P400D", "-P400D"})
  void allGoesOnWhenTheClockIsSet(Duration span) throws IOException {
    try (MonitoringCluster it = new MonitoringCluster(directory, 3)) {
      it.service("default", "myapp", "app: myapp", "metrics");
      it.good("myapp");
      config(it, "one");
      it.ready();
      it.alertmanager.server().become(true, "");
      it.advance(20);
      Path token = directory.resolve("monitoring/prometheus/token");
      String before = Files.readString(token);

      it.cluster.world.jump(span);
      it.advance(30);

      assertThat(Files.readString(token)).isNotEqualTo(before); // it may have expired
      slice(it);
      it.advance(1);
      assertThat(Files.readString(targets(it))).contains("10.0.0.2:80");
      it.good("another");
      assertThat(it.program.server().jobs()).contains("serviceMonitor/default/another/0");
      it.program.server().targets = List.of(up());
      it.advance(20);
      assertThat(it.condition("myapp", "Scraped")).isEqualTo("True Scraped: 1 targets answer");
      config(it, "two");
      it.advance(10);
      assertThat(it.alertmanager.server().config().structs("route", "routes")).hasSize(2);
      assertThat(it.prometheus("Available")).isEqualTo("True : ");
    }
  }

  private static void config(MonitoringCluster it, String name) {
    it.cluster.create(
        ALERTMANAGER_CONFIGS,
        """
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: %1$s, namespace: default}
        spec: {route: {receiver: hook}, receivers: [{name: hook, webhookConfigs: [{url: 'http://%1$s'}]}]}
        """
            .formatted(name));
    it.advance(10);
  }

  private static void slice(MonitoringCluster it) {
    it.cluster.create(
        ENDPOINT_SLICES,
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: myapp-1, namespace: default, labels: {kubernetes.io/service-name: myapp}}
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.2]}]
        ports: [{name: metrics, port: 80}]
        """);
  }

  private static Path targets(MonitoringCluster it) {
    Struct job =
        it.program.server().config().structs("scrape_configs").stream()
            .filter(each -> each.string("job_name").equals("serviceMonitor/default/myapp/0"))
            .findFirst()
            .orElseThrow();
    return it.program
        .server()
        .place(job.structs("file_sd_configs").getFirst().strings("files").getFirst());
  }

  private static Struct up() {
    return Struct.of("scrapePool", "serviceMonitor/default/myapp/0", "health", "up");
  }
}
