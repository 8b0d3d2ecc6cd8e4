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

      helm(cluster, "rollback", "one", "1", side, "--wait", "--timeout", "60s");

      assertThat(replicas(cluster)).isEqualTo("1");
      assertThat(helm(cluster, "history", "one")).contains("Rollback to 1");
      helm(cluster, "uninstall", "one");
      assertThat(cluster.k("get", "deployments", "-o", "name")).isEmpty();
    }
  }

  private static String replicas(TestCluster cluster) {
    return cluster.k("get", "deployment", "one", "-o", "jsonpath={.spec.replicas}");
  }

  private static String helm(TestCluster cluster, String... arguments) {
    return cluster.with(Path.of(HELM), arguments).run().ok();
  }

  private Path chart() throws IOException {
    Path chart = directory.resolve("chart");
    Files.createDirectories(chart.resolve("templates"));
    Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: chart\nversion: 0.1.0\n");
    Files.writeString(chart.resolve("values.yaml"), "replicas: 1\n");
    Files.writeString(
        chart.resolve("templates/web.yaml"),
        Manifests.web("one", 1).replace("replicas: 1", "replicas: {{ .Values.replicas }}"));
    return chart;
  }
}
