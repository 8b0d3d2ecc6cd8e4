package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kubectl autoscale`, and a server of metrics that is registered as people register theirs.
@Tag("e2e")
class AutoscaleTest {

  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers: [{name: c, image: "web:1", resources: {requests: {cpu: 100m}}}]
      """;

  @Test
  void aDeploymentGrowsAndShrinksWithItsLoad(@TempDir Path directory) throws Exception {
    try (TestCluster cluster =
            new TestCluster(directory).up("--node", "simulated", "--simulated-nodes", "2");
        MetricsServer metrics = new MetricsServer(directory, cluster)) {
      cluster.apply(metrics.registration());
      cluster.k("wait", "--for=condition=Available", "apiservice/v1beta1.metrics.k8s.io");
      cluster.apply(WEB);
      cluster.k("rollout", "status", "deployment/web", "--timeout=60s");

      metrics.load("100m");
      assertThat(cluster.k("autoscale", "deployment", "web", "--cpu=50%", "--min=1", "--max=4"))
          .contains("horizontalpodautoscaler.autoscaling/web autoscaled");
      cluster.await("all four run", "4"::equals, "get", "deploy", "web", "-o", ready());
      assertThat(cluster.k("get", "hpa", "web"))
          .containsPattern("web +Deployment/web +cpu: \\d+%/50% +1 +4 +[24] ");
      assertThat(cluster.k("top", "pods")).containsPattern("web-\\S+ +100m +");

      cluster.k(
          "patch",
          "hpa",
          "web",
          "-p",
          "{\"spec\":{\"behavior\":{\"scaleDown\":{\"stabilizationWindowSeconds\":0}}}}");
      metrics.load("5m");
      cluster.await("one is left", "1"::equals, "get", "deploy", "web", "-o", ready());
      assertThat(cluster.k("describe", "hpa", "web"))
          .contains("SuccessfulRescale", "reason: All metrics below target");
      assertThat(cluster.k("get", "--raw", "/metrics"))
          .contains(
              "horizontal_pod_autoscaler_controller_reconciliations_total{action=\"scale_up\",error=\"none\"}",
              "horizontal_pod_autoscaler_controller_reconciliations_total{action=\"scale_down\",error=\"none\"}");
    }
  }

  private static String ready() {
    return "jsonpath={.status.readyReplicas}";
  }
}
