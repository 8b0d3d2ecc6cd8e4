package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kubectl autoscale` and `kubectl top`, with containers that do work.
@Tag("e2e")
class AutoscaleTest {

  /// Each container works for as long as there is a file.
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
            terminationGracePeriodSeconds: 0
            containers:
            - name: c
              image: busybox:latest
              imagePullPolicy: IfNotPresent
              command: [sh, -c, "touch /busy; while :; do [ -e /busy ] || sleep 1; done"]
              resources: {requests: {cpu: 50m}, limits: {cpu: 100m}}
      """;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void aDeploymentGrowsAndShrinksWithItsLoad(@TempDir Path directory) throws IOException {
    try (TestCluster cluster = new TestCluster(directory).up()) {
      cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
      cluster.k(
          "wait",
          "--for=condition=Available",
          "--timeout=120s",
          "apiservice/v1beta1.metrics.k8s.io");
      cluster.apply(WEB);
      cluster.k("rollout", "status", "deployment/web", "--timeout=60s");

      assertThat(cluster.k("autoscale", "deployment", "web", "--cpu=50%", "--min=1", "--max=3"))
          .contains("horizontalpodautoscaler.autoscaling/web autoscaled");
      cluster.await("all three run", "3"::equals, "get", "deploy", "web", "-o", ready());
      cluster.await(
          "the status tells what is used",
          out -> out.matches("web +Deployment/web +cpu: \\d+%/50% +1 +3 +[123] .*\n"),
          "get",
          "hpa",
          "web",
          "--no-headers");
      cluster.await(
          "what all of them use is known",
          out -> out.lines().filter(line -> line.matches("web-\\S+ +\\d+m +\\d+Mi *")).count() == 3,
          "top",
          "pods",
          "--no-headers");
      assertThat(cluster.k("top", "nodes")).containsPattern("\\S+ +\\d+m +\\d+% +\\d+Mi +\\d+%");

      cluster.k(
          "patch",
          "hpa",
          "web",
          "-p",
          "{\"spec\":{\"behavior\":{\"scaleDown\":{\"stabilizationWindowSeconds\":0}}}}");
      for (String pod : cluster.k("get", "pods", "-o", "name").lines().toList()) {
        cluster.k("exec", pod, "--", "rm", "/busy");
      }
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
