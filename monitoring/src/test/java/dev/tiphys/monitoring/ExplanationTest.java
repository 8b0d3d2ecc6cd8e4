package dev.tiphys.monitoring;

import static dev.tiphys.monitoring.model.MonitoringResources.PROMETHEUSES;
import static dev.tiphys.monitoring.model.MonitoringResources.SERVICE_MONITORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of monitors that silently match nothing elsewhere.
class ExplanationTest {

  @TempDir Path directory;
  private MonitoringCluster it;

  @BeforeEach
  void start() {
    it = new MonitoringCluster(directory, 1);
    it.namespace("web", "");
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void theNearestServiceIsNamed() {
    it.service("web", "app", "app: my-app", "metrics");
    it.good("myapp");

    String said =
        "0 Services match app=myapp in namespace default; nearest: app=my-app in namespace web";
    assertThat(it.condition("myapp", "Scraped")).isEqualTo("False NoServices: " + said);
    assertThat(it.cluster.events("myapp")).contains("NoServices: " + said);
  }

  @Test
  void aNamespaceThatIsNotSelectedIsSaid() {
    it.service("web", "app", "app: myapp", "metrics");
    it.good("myapp");
    assertThat(it.condition("myapp", "Scraped"))
        .isEqualTo(
            "False NoServices: 0 Services match app=myapp in namespace default; nearest: app is in namespace web, which namespaceSelector does not select");

    it.monitor(
        "far",
        "selector: {}\nnamespaceSelector: {matchNames: [nowhere]}\nendpoints: [{port: metrics}]");
    assertThat(it.condition("far", "Scraped"))
        .contains("in namespace nowhere, which is not there: nowhere");
  }

  @Test
  void portsAreListedAndANumberIsNotTakenForAName() {
    it.service("default", "app", "app: myapp", "http");
    it.good("myapp");
    it.monitor("number", "selector: {matchLabels: {app: myapp}}\nendpoints: [{port: '80'}]");

    assertThat(it.condition("myapp", "Scraped"))
        .isEqualTo(
            "False NoSuchPort: no Service that is selected has a port named metrics; they have: http (80)");
    assertThat(it.condition("number", "Scraped"))
        .endsWith("http (80); port takes the name of a Service's port, not its number");
  }

  @Test
  void aServiceWithoutEndpointsIsSaidUntilItHasSome() {
    it.service("default", "app", "app: myapp", "metrics");
    it.good("myapp");
    assertThat(it.condition("myapp", "Scraped"))
        .isEqualTo("False NoAddresses: a Service without endpoints: default/app");
  }

  @Test
  void whatBecomesRightIsSeenSoon() {
    it.good("myapp");
    assertThat(it.condition("myapp", "Scraped")).startsWith("False NoServices");

    it.service("default", "app", "app: myapp", "metrics");
    assertThat(it.condition("myapp", "Scraped")).startsWith("False NoAddresses");
  }

  @Test
  void aMonitorThatNoPrometheusSelectsIsSaidToBeSo() {
    it.good("myapp");
    Struct prometheus = it.prometheus();
    it.cluster.api.update(
        PROMETHEUSES,
        prometheus.withAt(
            Struct.of("matchLabels", Struct.of("team", "a")), "spec", "serviceMonitorSelector"));
    it.advance(5);

    String why =
        "Prometheus monitoring/prometheus: its serviceMonitorSelector (team=a) does not match";
    assertThat(it.cluster.events("myapp"))
        .contains("NotSelected: no Prometheus selects it: " + why);
    assertThat(
            it.explanation()
                .of(SERVICE_MONITORS, "default", "myapp")
                .orElseThrow()
                .strings("notSelected"))
        .containsExactly(why);
    assertThat(it.cluster.get(SERVICE_MONITORS, "myapp").structs("status", "bindings")).isEmpty();
    assertThat(it.explanation().of(SERVICE_MONITORS, "default", "none")).isEmpty();
  }
}
