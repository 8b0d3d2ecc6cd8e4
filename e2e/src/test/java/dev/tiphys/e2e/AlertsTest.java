package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus sees of an application decides how many there are, and calls for help: with the
/// real Prometheus and the real Alertmanager.
@Tag("e2e")
class AlertsTest {

  private static final String APP =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: myapp}
      spec:
        selector: {matchLabels: {app: myapp}}
        template:
          metadata: {labels: {app: myapp}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: myapp
              image: myapp:v1.0
              ports: [{name: metrics, containerPort: 8080}]
              readinessProbe: {httpGet: {path: /health, port: 8080}, periodSeconds: 1}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: myapp, labels: {app: myapp}}
      spec: {selector: {app: myapp}, ports: [{name: metrics, port: 8080}]}
      ---
      apiVersion: monitoring.coreos.com/v1
      kind: ServiceMonitor
      metadata: {name: myapp}
      spec: {selector: {matchLabels: {app: myapp}}, endpoints: [{port: metrics, interval: 1s, scrapeTimeout: 1s}]}
      ---
      apiVersion: monitoring.coreos.com/v1
      kind: PrometheusRule
      metadata: {name: myapp}
      spec:
        groups:
        - name: myapp
          interval: 1s
          rules:
          - alert: Asked
            expr: sum by (namespace) (http_requests_total{app="myapp"}) > 0
            labels: {severity: page}
            annotations: {summary: "it is asked"}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: myapp}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp}
        minReplicas: 1
        maxReplicas: 2
        metrics:
        - type: Pods
          pods: {metric: {name: http_requests}, target: {type: AverageValue, averageValue: "1"}}
      """;

  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void requestsMakeMorePodsAndCallForHelp(@TempDir Path directory) throws Exception {
    HttpServer pager = pager();
    try (TestCluster cluster = new TestCluster(directory).up()) {
      cluster.load(ContainersTest.IMAGES.resolve("myapp-1.tar"));
      cluster.apply(APP);
      cluster.apply(
          """
          apiVersion: monitoring.coreos.com/v1alpha1
          kind: AlertmanagerConfig
          metadata: {name: pager}
          spec:
            route: {receiver: pager, groupWait: 1s, matchers: [{name: severity, value: page}]}
            receivers:
            - name: pager
              webhookConfigs: [{url: 'http://127.0.0.1:%d/page'}]
          """
              .formatted(pager.getAddress().getPort()));
      cluster.k("rollout", "status", "deployment/myapp", "--timeout=120s");
      for (String each : List.of("prometheus/prometheus", "alertmanager/alertmanager")) {
        cluster.await(
            each + " is made by itself, and answers",
            "True"::equals,
            "get",
            each,
            "-n",
            "monitoring",
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"Available\")].status}");
      }
      String address = cluster.k("get", "service", "myapp", "-o", "jsonpath={.spec.clusterIP}");

      try (Load _ = new Load(address, 8080, 100, 0)) {
        assertThat(calls.take())
            .contains(
                "\"receiver\":\"default/pager/pager\"",
                "\"alertname\":\"Asked\"",
                "\"namespace\":\"default\"",
                "\"summary\":\"it is asked\"");
        cluster.await(
            "a second Pod is made",
            "2"::equals,
            "get",
            "deploy",
            "myapp",
            "-o",
            "jsonpath={.spec.replicas}");
      }
      cluster.await(
          "the status tells what is used",
          out -> out.matches("myapp +Deployment/myapp +\\d+\\S*/1 .*\n"),
          "get",
          "hpa",
          "myapp",
          "--no-headers");
      assertThat(
              cluster.k(
                  "get",
                  "--raw",
                  "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/http_requests"))
          .contains("\"kind\":\"MetricValueList\"", "\"name\":\"http_requests\"");
      cluster.await(
          "the configuration is accepted",
          "True"::equals,
          "get",
          "alertmanagerconfig",
          "pager",
          "-o",
          "jsonpath={.status.bindings[0].conditions[0].status}");
    } finally {
      pager.stop(0);
    }
  }

  private HttpServer pager() throws IOException {
    HttpServer pager =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pager.createContext(
        "/page",
        exchange -> {
          try (exchange) {
            calls.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    pager.start();
    return pager;
  }
}
