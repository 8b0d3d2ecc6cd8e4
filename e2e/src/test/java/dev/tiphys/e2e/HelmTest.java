package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A chart's life with real helm, which leaves it to the server what an apply changes, or works
/// that out by itself as helm 3 does.
@Tag("e2e")
class HelmTest {

  private static final String HELM = System.getProperty("tiphys.helm", "helm");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"--server-side=true", "--server-side=false"})
  void aChartIsInstalledUpgradedRolledBackAndRemoved(String side) throws IOException {
    Path chart = chart();
    try (TestCluster cluster = new TestCluster(directory).up("--node", "simulated")) {
      helm(cluster, "install", "one", chart.toString(), side, "--wait", "--timeout", "60s");
      helm(
          cluster,
          "upgrade",
          "one",
          chart.toString(),
          side,
          "--set",
          "replicas=3",
          "--wait",
          "--timeout",
          "60s");
      assertThat(replicas(cluster)).isEqualTo("3");
      assertThat(size(cluster)).isEqualTo("3");
      assertThat(cluster.k("get", "configmap", "installed", "-o", "jsonpath={.data.by}"))
          .as("what a hook made")
          .isEqualTo("one");

      helm(cluster, "rollback", "one", "1", side, "--wait", "--timeout", "60s");

      assertThat(replicas(cluster)).isEqualTo("1");
      assertThat(size(cluster)).isEqualTo("1");
      assertThat(helm(cluster, "history", "one")).contains("Rollback to 1");
      helm(cluster, "uninstall", "one");
      assertThat(cluster.k("get", "deployments,widgets", "-o", "name")).isEmpty();
      assertThat(cluster.k("get", "crds", "-o", "name"))
          .as("definitions outlive a chart")
          .contains("widgets.example.com");
    }
  }

  private static String replicas(TestCluster cluster) {
    return cluster.k("get", "deployment", "one", "-o", "jsonpath={.spec.replicas}");
  }

  private static String size(TestCluster cluster) {
    return cluster.k("get", "widget", "one", "-o", "jsonpath={.spec.size}");
  }

  private static String helm(TestCluster cluster, String... arguments) {
    return cluster.with(Path.of(HELM), arguments).run().ok();
  }

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: widgets.example.com
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: widgets, kind: Widget}
        versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      size: {type: integer, minimum: 1}
                    x-kubernetes-validations:
                      - rule: self.size < 10
      """;

  private static final String WIDGET =
      """
      apiVersion: example.com/v1
      kind: Widget
      metadata:
        name: one
      spec:
        size: {{ .Values.replicas }}
      """;

  private static final String HOOK =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: installed
        annotations:
          helm.sh/hook: post-install
      data:
        by: {{ .Release.Name }}
      """;

  /// A chart with a definition, an object of it, a workload, and a hook.
  private Path chart() throws IOException {
    Path chart = directory.resolve("chart");
    Files.createDirectories(chart.resolve("templates"));
    Files.createDirectories(chart.resolve("crds"));
    Files.writeString(chart.resolve("crds/widgets.yaml"), DEFINITION);
    Files.writeString(chart.resolve("templates/widget.yaml"), WIDGET);
    Files.writeString(chart.resolve("templates/hook.yaml"), HOOK);
    Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: chart\nversion: 0.1.0\n");
    Files.writeString(chart.resolve("values.yaml"), "replicas: 1\n");
    Files.writeString(
        chart.resolve("templates/web.yaml"),
        Manifests.web("one", 1).replace("replicas: 1", "replicas: {{ .Values.replicas }}"));
    return chart;
  }
}
