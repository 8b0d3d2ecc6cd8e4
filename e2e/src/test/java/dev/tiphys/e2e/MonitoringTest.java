package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A ServiceMonitor as people write it, real Prometheus, and the queries of their dashboards.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringTest {

  private static final String APPLICATION =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: myapp-%1$s}
      spec:
        replicas: 1
        selector: {matchLabels: {app: myapp, version: %1$s}}
        template:
          metadata: {labels: {app: myapp, version: %1$s}}
          spec: {containers: [{name: myapp, image: "myapp:%2$s", ports: [{containerPort: 8080}]}]}
      """;
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: myapp, labels: {app: myapp}}
      spec: {selector: {app: myapp}, ports: [{name: metrics, port: 8080}]}
      """;
  private static final String MONITOR =
      """
      # ServiceMonitor for Prometheus
      apiVersion: monitoring.coreos.com/v1
      kind: ServiceMonitor
      metadata:
        name: myapp
      spec:
        selector:
          matchLabels:
            app: myapp
        endpoints:
        - port: metrics
          interval: 30s
      """;
  private static final String SHOP_SERVICES =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: shop}
      spec: {selector: {app: shop}, ports: [{port: 8080}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: shop-preview}
      spec: {selector: {app: shop}, ports: [{port: 8080}]}
      """;

  /// A Rollout, of which a query decides whether it is promoted.
  private static final String SHOP =
      """
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata: {name: shop}
      spec:
        replicas: 1
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: shop, image: "myapp:v1.0", env: [{name: EDITION, value: %2$s}]}]
        strategy:
          blueGreen:
            activeService: shop
            previewService: shop-preview
            scaleDownDelaySeconds: 1
            prePromotionAnalysis: {templates: [{templateName: %1$s}]}
      """;

  /// A part that is no Pod, and how it is monitored.
  private static final String ELSEWHERE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: %1$s, namespace: kube-system, labels: {app.kubernetes.io/name: %1$s}}
      spec: {clusterIP: None, ports: [{name: https-metrics, port: %3$d}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: %1$s-1, namespace: kube-system, labels: {kubernetes.io/service-name: %1$s}}
      addressType: IPv4
      ports: [{name: https-metrics, port: %3$d, protocol: TCP}]
      endpoints: [{addresses: [%2$s]}]
      ---
      apiVersion: monitoring.coreos.com/v1
      kind: ServiceMonitor
      metadata: {name: %1$s, namespace: monitoring}
      spec:
        jobLabel: app.kubernetes.io/name
        namespaceSelector: {matchNames: [kube-system]}
        selector: {matchLabels: {app.kubernetes.io/name: %1$s}}
        endpoints:
        - port: https-metrics
          scheme: https
          interval: 5s
          bearerTokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
          tlsConfig: {insecureSkipVerify: true}
        - port: https-metrics
          path: /metrics/slis
          scheme: https
          interval: 5s
          bearerTokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
          tlsConfig: {insecureSkipVerify: true}
      """;

  private static final String LATENCY_AS_WRITTEN =
      "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) by (version)";
  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : List.of("myapp-1", "myapp-2")) {
      cluster.load(ContainersTest.IMAGES.resolve(image + ".tar"));
    }
    cluster.apply(APPLICATION.formatted("blue", "v1.0"));
    cluster.apply(APPLICATION.formatted("green", "v2.0"));
    cluster.apply(SERVICE);
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-blue");
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-green");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private String awaitAnswer(String query, Predicate<String> condition) {
    return cluster.await(query, condition, "get", "--raw", Dashboard.path(query));
  }

  private Command.Result tiphysQuery(String query) {
    return TestCluster.tiphys("query", query)
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .run();
  }

  private String why(String monitor) {
    return TestCluster.tiphys("why", "servicemonitor/" + monitor)
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .run()
        .ok();
  }

  private long prometheus() throws IOException {
    return Long.parseLong(
        Files.readString(cluster.data().resolve("monitoring/monitoring/prometheus/prometheus.pid"))
            .strip());
  }

  @Test
  @Order(1)
  void nothingRunsBeforeTheFirstMonitorWhichIsScrapedAsItIs() {
    assertThat(cluster.k("get", "prometheus", "-A", "--ignore-not-found")).isEmpty();

    cluster.apply(MONITOR);

    awaitAnswer("up{job=\"myapp\"} == 1", out -> out.split("\"metric\"").length == 3);
    cluster.await(
        "it is said", out -> out.contains("True"), "get", "prometheus", "-n", "monitoring");
  }

  @Test
  @Order(2)
  void theQueriesOfTheDashboardAnswerByVersion() {
    awaitAnswer(Dashboard.REQUESTS, out -> out.contains("\"v1.0\"") && out.contains("\"v2.0\""));
    assertThat(cluster.k("get", "--raw", Dashboard.path(Dashboard.ERRORS)))
        .contains("\"status\":\"success\"");
    awaitAnswer(Dashboard.LATENCY, out -> out.contains("\"v1.0\"") && out.contains("\"v2.0\""));
    assertThat(tiphysQuery(Dashboard.REQUESTS).ok()).contains("v1.0", "v2.0");

    Command.Result refused = tiphysQuery(LATENCY_AS_WRITTEN);
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("parse error: unexpected <by>");
  }

  @Test
  @Order(3)
  void aBadMonitorAndABadRuleDisturbNoneOfTheOthers() {
    cluster.apply(
        MONITOR
            .replace("name: myapp", "name: slow")
            .replace("interval: 30s", "interval: 5s\n    scrapeTimeout: 10s"));
    cluster.apply(
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: bad}
        spec: {groups: [{name: g, rules: [{record: a:b, expr: "sum(up) by"}]}]}
        """);
    cluster.apply(
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: good}
        spec: {groups: [{name: g, interval: 5s, rules: [{record: "app:up", expr: "sum(up)"}]}]}
        """);

    awaitAnswer("app:up", out -> out.contains("\"value\""));
    String message = "jsonpath={.status.bindings[0].conditions[0].message}";
    cluster.await(
        "the monitor is told why",
        "endpoints[0]: scrapeTimeout \"10s\" greater than scrapeInterval \"5s\""::equals,
        "get",
        "servicemonitor",
        "slow",
        "-o",
        message);
    cluster.await(
        "the rule is told why",
        out -> out.startsWith("invalid rule: ") && out.contains("could not parse expression"),
        "get",
        "prometheusrule",
        "bad",
        "-o",
        message);
    assertThat(why("slow")).contains("rejected");
  }

  @Test
  @Order(4)
  void whatMatchesNothingIsSaid() {
    cluster.apply(
        MONITOR.replace("name: myapp", "name: typo").replace("app: myapp", "app: my-app"));

    cluster.await(
        "the monitor says that it matches nothing",
        out -> out.contains("0 Services match app=my-app"),
        "get",
        "events",
        "-o",
        "jsonpath={.items[*].message}");
    String _ =
        Await.until(
            "the command says it, too",
            () -> why("typo"),
            out ->
                out.contains(
                    "0 Services match app=my-app in namespace default; nearest: app=myapp"));
  }

  @Test
  @Order(5)
  void oneThatIsKilledComesBackWithItsSamples() throws IOException {
    long before = prometheus();
    ProcessHandle process = ProcessHandle.of(before).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();

    awaitAnswer("up", out -> out.contains("\"value\""));
    assertThat(prometheus()).isNotEqualTo(before);
    awaitAnswer("count_over_time(up{job=\"myapp\"}[10m]) > 2", out -> out.contains("\"value\""));
  }

  @Test
  @Order(6)
  void aQueryDecidesWhetherAVersionIsPromoted() {
    String template =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: %s}
        spec:
          metrics:
          - name: targets
            successCondition: result[0] %s
            provider: {prometheus: {address: "http://prometheus.monitoring:9090", query: 'count(up{job="myapp"} == 1)'}}
        """;
    cluster.apply(template.formatted("some-answer", "> 0"));
    cluster.apply(template.formatted("none-answers", "== 0"));
    cluster.apply(SHOP_SERVICES);
    cluster.apply(SHOP.formatted("some-answer", "one"));
    awaitShop("Healthy");

    cluster.apply(SHOP.formatted("some-answer", "two"));
    cluster.await(
        "the second version is promoted",
        out -> out.lines().anyMatch("Successful"::equals),
        "get",
        "analysisruns",
        "-o",
        "jsonpath={range .items[*]}{.status.phase}{\"\\n\"}{end}");
    awaitShop("Healthy");
    String served = shopServes();

    cluster.apply(SHOP.formatted("none-answers", "three"));
    awaitShop("Degraded");
    assertThat(shopServes()).isEqualTo(served);
  }

  /// The cluster's own scheduler and controllers lead: these stand by.
  @Test
  @Order(7)
  void partsInProcessesOfTheirOwnAreScraped(@TempDir Path logs) throws Exception {
    String node =
        cluster.k("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}");
    Map<String, String> parts =
        Map.of("scheduler", "kube-scheduler", "controller-manager", "kube-controller-manager");
    List<Process> running = new ArrayList<>();
    try {
      for (Map.Entry<String, String> part : parts.entrySet()) {
        int port = TestPorts.free();
        running.add(start(part.getKey(), node, port, logs.resolve(part.getKey() + ".log")));
        cluster.apply(ELSEWHERE.formatted(part.getValue(), node, port));
        Command health = new Command("curl", "-sk", "https://" + node + ":" + port + "/healthz");
        Command.Result _ = Await.until("it is well", health::run, seen -> seen.out().equals("ok"));
      }
      for (String name : parts.values()) {
        for (String endpoint : List.of("", "https-metrics")) {
          awaitAnswer(
              "rest_client_requests_total{job=\"%s\",endpoint=\"%s\"}".formatted(name, endpoint),
              out -> out.contains("\"value\""));
        }
        awaitAnswer(
            "kubernetes_healthcheck{job=\"%s\",name=\"leaderElection\"} == 1".formatted(name),
            out -> out.contains("\"value\""));
      }
    } finally {
      for (Process each : running) {
        each.destroy();
        each.waitFor();
      }
    }
  }

  private Process start(String part, String address, int port, Path log) throws IOException {
    return TestCluster.start(
        log,
        List.of(
            part,
            "--kubeconfig",
            cluster.kubeconfig().toString(),
            "--bind-address",
            address,
            "--secure-port",
            Integer.toString(port)));
  }

  private void awaitShop(String phase) {
    cluster.await(
        "the Rollout is " + phase,
        phase::equals,
        "get",
        "rollout",
        "shop",
        "-o",
        "jsonpath={.status.phase}");
  }

  /// The revision that requests go to.
  private String shopServes() {
    return cluster.k(
        "get", "service", "shop", "-o", "jsonpath={.spec.selector.rollouts-pod-template-hash}");
  }
}
