package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The panels of a deployment, while [BlueGreenScript] deploys and waits before the old version
/// goes: of both versions they tell how many requests there are, how many fail, and how long they
/// take.
@Tag("e2e")
class DeploymentQueriesTest {

  /// Between two requests that fail: one in ten does.
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// What the script's smoke test asks, and what is scraped.
  private static final String SERVICES =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: myapp-green}
      spec: {selector: {app: myapp, version: green}, ports: [{port: 8080}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: myapp, labels: {app: myapp}}
      spec: {selector: {app: myapp}, ports: [{name: metrics, port: 8080}]}
      ---
      apiVersion: monitoring.coreos.com/v1
      kind: ServiceMonitor
      metadata: {name: myapp}
      spec: {selector: {matchLabels: {app: myapp}}, endpoints: [{port: metrics, interval: 5s}]}
      """;

  @Test
  void bothVersionsAreSeenWhileTheScriptRuns(@TempDir Path directory) throws Exception {
    try (TestCluster cluster = new TestCluster(directory).up();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Path watched = directory.resolve("watched");
      BlueGreenScript script =
          new BlueGreenScript(
              cluster, directory, "while [ ! -e " + watched + " ]; do /bin/sleep 1; done");
      String address = script.serve(List.of("myapp-1", "myapp-2", "curl"), SERVICES);
      try (Load load = new Load(address, 80, 50, 0)) {
        Future<?> failing = executor.submit(() -> failNowAndThen(address, watched));
        for (String query : List.of(Dashboard.REQUESTS, Dashboard.ERRORS, Dashboard.LATENCY)) {
          await(cluster, query, "v1.0");
        }

        Future<Command.Result> deployed = executor.submit(() -> script.deploy("v2.0"));
        for (String query : List.of(Dashboard.REQUESTS, Dashboard.ERRORS, Dashboard.LATENCY)) {
          await(cluster, query, "v1.0", "v2.0");
        }

        assertThat(deployed).isNotDone();
        Files.createFile(watched);
        assertThat(deployed.get().ok()).contains("Deployment complete!");
        failing.get();
        load.close();
        assertThat(load.failures()).isEmpty();
      } finally {
        if (!Files.exists(watched)) {
          Files.createFile(watched);
        }
      }
    }
  }

  /// A query answers with a number for each of these versions.
  private static void await(TestCluster cluster, String query, String... versions) {
    String _ =
        cluster.await(
            query,
            out ->
                !out.contains("NaN")
                    && List.of(versions).stream()
                        .allMatch(each -> out.contains("\"version\":\"" + each + "\"")),
            "get",
            "--raw",
            Dashboard.path(query));
  }

  private static boolean failNowAndThen(String address, Path until) throws Exception {
    while (!Files.exists(until)) {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + address + "/fail/500").toURL().openConnection();
      connection.setRequestProperty("Connection", "close");
      assertThat(connection.getResponseCode()).isEqualTo(500);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return true;
  }
}
