package dev.tiphys.monitoring;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.ENDPOINT_SLICES;
import static dev.tiphys.client.ApiResource.EVENTS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static dev.tiphys.monitoring.model.MonitoringResources.PROMETHEUSES;
import static dev.tiphys.monitoring.model.MonitoringResources.SERVICE_MONITORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole, from the first monitor on, with a Prometheus of which the test says what it thinks.
class MonitoringTest {

  @TempDir Path directory;
  private MonitoringCluster it;

  @BeforeEach
  void start() {
    it = new MonitoringCluster(directory, 1);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void nothingRunsBeforeThereIsAnObjectAndThenTheDefaultPrometheusTakesIt() {
    assertThat(it.all(PROMETHEUSES)).isEmpty();
    assertThat(it.program.servers).isEmpty();

    it.good("myapp");
    it.ready();

    assertThat(it.program.servers).hasSize(1);
    assertThat(it.program.server().jobs()).containsExactly("serviceMonitor/default/myapp/0");
    assertThat(it.program.server().allJobs())
        .contains("cluster/kubelet/metrics", "cluster/kube-state-metrics/metrics");
    assertThat(it.prometheus("Reconciled")).isEqualTo("True : ");
    assertThat(it.prometheus("Available")).isEqualTo("True : ");
    assertThat(it.condition("myapp", "Accepted")).isEqualTo("True : ");
    assertThat(it.monitoring().address()).hasToString("Optional[http://192.0.2.7:40000]");
  }

  @Test
  void itIsReachedAtAServiceThatLeadsToTheMachine() {
    it.good("myapp");
    it.ready();

    Struct service = it.cluster.api.get(SERVICES, "monitoring", "prometheus");
    assertThat(service.structs("spec", "ports").getFirst().string("name")).isEqualTo("web");
    assertThat(service.structs("spec", "ports").getFirst().integer("port")).isEqualTo(9090);
    Struct slice = it.cluster.api.get(ENDPOINT_SLICES, "monitoring", "prometheus-host-1");
    assertThat(slice.structs("ports").getFirst().integer("port")).isEqualTo(40_000);
  }

  @Test
  void itSeesTheClusterWithATokenThatIsKeptFreshAndThatItsOwnerAloneReads() throws IOException {
    it.good("myapp");
    Path token = directory.resolve("monitoring/prometheus/token");
    String first = Files.readString(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    it.ready();

    it.cluster.advance(Duration.ofMinutes(30));

    assertThat(Files.readString(token)).isNotEqualTo(first);
  }

  @Test
  void aServerThatEndsIsSaidAndReadsItsConfigurationAgain() {
    it.good("myapp");
    it.ready();
    it.program.server().become(false, "out of memory");
    it.advance(2);
    assertThat(it.prometheus("Available"))
        .isEqualTo("False NoPodReady: it has ended and is started again: out of memory");
    int read = it.program.server().loaded.size();

    it.ready();

    assertThat(it.program.server().loaded).hasSize(read + 1);
    assertThat(it.prometheus("Available")).isEqualTo("True : ");
    assertThat(it.all(EVENTS))
        .extracting(each -> each.string("message"))
        .contains("it has ended and is started again: out of memory");
  }

  @Test
  void aFullDiskAndAProgramThatIsMissingAreConditions() {
    it.program.missing = "prometheus is not installed: apt-get install prometheus";
    it.good("myapp");
    assertThat(it.prometheus("Reconciled"))
        .isEqualTo(
            "False ReconciliationFailed: prometheus is not installed: apt-get install prometheus");

    it.program.missing = "";
    it.cluster.advance(Duration.ofMinutes(2));
    it.ready();
    it.program.free = 3 << 20;
    it.advance(20);
    assertThat(it.prometheus("Available"))
        .isEqualTo(
            "Degraded DiskFull: the disk has 3 MiB left: samples may be lost until there is more");
  }

  @Test
  void failingScrapesAreSaidOfTheMonitorTheyBelongTo() {
    it.service("default", "myapp", "app: myapp", "metrics");
    slice("myapp");
    it.good("myapp");
    it.ready();
    it.program.server().targets =
        List.of(
            target("up", ""),
            target("down", "Get \"http://x\": read tcp 10.0.0.1:44444->10.0.0.2:80: reset"));
    it.advance(20);

    assertThat(it.condition("myapp", "Scraped"))
        .isEqualTo(
            "False ScrapeFailed: 1 of 2 targets fail: http://10.0.0.2/metrics: Get \"http://x\": read tcp 10.0.0.2:80: reset");

    it.program.server().targets = List.of(target("up", ""));
    it.advance(20);
    assertThat(it.condition("myapp", "Scraped")).isEqualTo("True Scraped: 1 targets answer");
  }

  /// With many targets the answer is long.
  @Test
  void aNewMonitorDoesNotWaitUntilPrometheusHasToldOfItsTargets() {
    it.good("myapp");
    it.ready();
    Gate busy = it.cluster.world.gate();
    it.program.server().busy = busy;
    it.advance(20);

    it.good("another");

    assertThat(it.program.server().jobs())
        .containsExactly("serviceMonitor/default/another/0", "serviceMonitor/default/myapp/0");
    busy.open();
  }

  private void slice(String service) {
    it.cluster.create(
        ENDPOINT_SLICES,
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %s-1, namespace: default, labels: {kubernetes.io/service-name: %s}}
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.2]}]
        ports: [{name: metrics, port: 80}]
        """
            .formatted(service, service));
  }

  private static Struct target(String health, String error) {
    return Struct.of("scrapePool", "serviceMonitor/default/myapp/0", "health", health)
        .with("lastError", error)
        .with("scrapeUrl", "http://10.0.0.2/metrics");
  }

  /// Prometheus of Debian cannot look for itself.
  @Test
  void targetsAreFoundHereAndKeptInFiles() throws IOException {
    it.service("default", "myapp", "app: myapp", "metrics");
    it.good("myapp");
    it.ready();
    ScriptedServer server = it.program.server();
    Path file =
        server.place(
            server
                .config()
                .structs("scrape_configs")
                .getFirst()
                .structs("file_sd_configs")
                .getFirst()
                .strings("files")
                .getFirst());
    assertThat(file).hasContent("[]");

    slice("myapp");
    it.advance(1);

    assertThat(Files.readString(file))
        .contains("\"targets\":[\"10.0.0.2:80\"]")
        .contains("\"__meta_kubernetes_service_label_app\":\"myapp\"")
        .contains("\"__meta_kubernetes_endpoint_port_name\":\"metrics\"");
    it.cluster.delete(ENDPOINT_SLICES, "myapp-1");
    it.advance(1);
    assertThat(file).hasContent("[]");
  }

  @Test
  void thePrometheusOperatorIsLeftInCharge() {
    it.good("myapp");
    it.ready();
    ScriptedServer server = it.program.server();

    it.cluster.create(DEPLOYMENTS, operator());
    it.advance(5);

    assertThat(server.closed).isTrue();
    assertThat(it.monitoring().leftTo()).isEqualTo("deployment default/operator");

    it.cluster.delete(DEPLOYMENTS, "operator");
    it.cluster.settle();
    assertThat(it.monitoring().leftTo()).isEmpty();
    assertThat(it.program.servers).hasSize(2);
  }

  private static String operator() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: operator, namespace: default}
    spec:
      selector: {matchLabels: {a: b}}
      template:
        metadata: {labels: {a: b}}
        spec: {containers: [{name: main, image: "quay.io/prometheus-operator/prometheus-operator:v0.90.0"}]}
    """;
  }

  /// Left out and empty mean opposite things.
  @Test
  void selectorsThatAreLeftOutAndThoseThatAreEmptyDiffer() {
    it.namespace("other", "team: red");
    it.good("myapp");
    it.cluster.api.create(
        SERVICE_MONITORS,
        Yaml.struct(
            """
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata: {name: far, namespace: other}
            spec: {selector: {}, endpoints: [{port: a}]}
            """));
    prometheus("none", "serviceMonitorNamespaceSelector: {}");
    prometheus("own", "serviceMonitorSelector: {}");
    prometheus("all", "serviceMonitorSelector: {}\n  serviceMonitorNamespaceSelector: {}");
    prometheus(
        "red",
        "serviceMonitorSelector: {}\n  serviceMonitorNamespaceSelector: {matchLabels: {team: red}}");

    assertThat(boundTo("default", "myapp")).containsExactly("all", "own", "prometheus");
    assertThat(boundTo("other", "far")).containsExactly("all", "red", "prometheus");
  }

  private void prometheus(String name, String spec) {
    it.cluster.create(
        PROMETHEUSES,
        """
        apiVersion: monitoring.coreos.com/v1
        kind: Prometheus
        metadata: {name: %s, namespace: default}
        spec:
          serviceAccountName: default
          %s
        """
            .formatted(name, spec));
    it.advance(5);
  }

  private List<String> boundTo(String namespace, String name) {
    return it
        .cluster
        .api
        .get(SERVICE_MONITORS, namespace, name)
        .structs("status", "bindings")
        .stream()
        .map(each -> each.string("name"))
        .toList();
  }

  @Test
  void anotherProcessTakesOverWhereOneHasEnded() {
    it.good("myapp");
    it.ready();

    it.restart();
    it.ready();

    assertThat(it.program.servers).hasSize(2);
    assertThat(it.program.server().jobs()).containsExactly("serviceMonitor/default/myapp/0");
    assertThat(Meta.of(it.prometheus()).generation()).isEqualTo(1);
  }

  @Test
  void otherFlagsStartItAnewAndSizesAreBounded() {
    it.good("myapp");
    it.ready();
    assertThat(it.program.server().flags)
        .contains(
            "--storage.tsdb.retention.time=7d",
            "--storage.tsdb.retention.size=10240MB",
            "--web.enable-lifecycle");

    Struct object = it.prometheus();
    it.cluster.api.update(PROMETHEUSES, object.withAt("2GiB", "spec", "retentionSize"));
    it.advance(5);

    assertThat(it.program.servers).hasSize(2);
    assertThat(it.program.servers.getFirst().closed).isTrue();
    assertThat(it.program.server().flags).contains("--storage.tsdb.retention.size=2GB");
  }
}
