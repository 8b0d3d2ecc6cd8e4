package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/// The panels of a deployment, while the script `blue-green-deploy.sh` that people copy deploys: of
/// both versions they tell how many requests there are, how many fail, and how long they take.
@Tag("e2e")
class DeploymentQueriesTest {

  /// Between two requests that fail: one in ten does.
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Path MANIFESTS = TestCluster.HOME.resolve("docs/manifests");

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
      for (String image : List.of("myapp-1", "myapp-2", "curl")) {
        cluster.load(ContainersTest.IMAGES.resolve(image + ".tar"));
      }
      cluster.k("apply", "-f", MANIFESTS.resolve("as-written/3-blue.yaml").toString());
      cluster.apply(SERVICES);
      cluster.k("rollout", "status", "deployment/myapp-blue", "--timeout=120s");
      String address =
          cluster.await(
              "the Service has an address",
              out -> !out.isBlank(),
              "get",
              "service",
              "myapp-service",
              "-o",
              "jsonpath={.status.loadBalancer.ingress[0].ip}");
      Path watched = directory.resolve("watched");
      try (Load load = new Load(address, 80, 50, 0)) {
        Future<?> failing = executor.submit(() -> failNowAndThen(address, watched));
        for (String query : List.of(Dashboard.REQUESTS, Dashboard.ERRORS, Dashboard.LATENCY)) {
          await(cluster, query, "v1.0");
        }

        Future<Command.Result> script = executor.submit(() -> deploy(cluster, directory, watched));
        for (String query : List.of(Dashboard.REQUESTS, Dashboard.ERRORS, Dashboard.LATENCY)) {
          await(cluster, query, "v1.0", "v2.0");
        }

        assertThat(script).isNotDone();
        Files.createFile(watched);
        assertThat(script.get().ok()).contains("Deployment complete!");
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

  /// The script waits five minutes before the old version goes: here, until both were seen.
  private static Command.Result deploy(TestCluster cluster, Path directory, Path watched)
      throws IOException {
    Path programs = Files.createDirectory(directory.resolve("programs"));
    Files.writeString(
        programs.resolve("sleep"),
        "#!/bin/sh\n[ \"$1\" = 300 ] || exit 1\nwhile [ ! -e %s ]; do /bin/sleep 1; done\n"
            .formatted(watched));
    assertThat(programs.resolve("sleep").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(programs.resolve("kubectl"), TestCluster.kubectl());
    return new Command(MANIFESTS.resolve("delivery/blue-green-deploy.sh").toString(), "v2.0")
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .with("PATH", programs + ":" + System.getenv("PATH"))
        .run();
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
