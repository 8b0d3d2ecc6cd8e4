package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Service under load whose cluster is killed (`kill -9`) part by part: connections go on, and
/// the next process of the part takes over what is there.
@Tag("e2e")
class KilledNetworkTest {
  private static final int RATE = 500;

  @TempDir private Path directory;

  private final List<Process> running = new ArrayList<>();
  private TestCluster cluster;
  private String node;

  @AfterEach
  void stop() throws Exception {
    for (Process process : running.reversed()) {
      process.destroy();
      process.waitFor();
    }
    for (String data : List.of("node", "data")) {
      TestCluster.tiphys("reset", "--data-dir", directory.resolve(data).toString()).run();
    }
  }

  private Process start(String role, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(role));
    words.addAll(List.of(options));
    Process process = TestCluster.start(directory.resolve(role + ".log"), words);
    running.add(process);
    return process;
  }

  private Process startServer() throws IOException {
    Process server =
        start(
            "apiserver",
            "--data-dir",
            cluster.data().toString(),
            "--port",
            Integer.toString(cluster.port()),
            "--kubeconfig",
            cluster.kubeconfig().toString());
    cluster.await("the API is ready", "ok"::equals, "get", "--raw", "/readyz");
    return server;
  }

  private Process startNode() throws IOException {
    return start(
        "kubelet",
        "--bootstrap-kubeconfig",
        directory.resolve("joining.kubeconfig").toString(),
        "--data-dir",
        node,
        "--node-name",
        "apart");
  }

  private void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
    running.remove(process);
  }

  private void web(String version) {
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: VERSION, namespace: default}
        spec:
          replicas: 2
          selector: {matchLabels: {app: VERSION}}
          template:
            metadata: {labels: {app: VERSION}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - {name: nginx, image: 'nginx:1.24', readinessProbe: {tcpSocket: {port: 80}}}
        """
            .replace("VERSION", version));
    cluster.k("rollout", "status", "deployment/" + version, "--timeout=120s");
    for (String pod :
        cluster
            .k("get", "pods", "-l", "app=" + version, "-o", "jsonpath={.items[*].metadata.name}")
            .split(" ")) {
      cluster.k(
          "exec", pod, "--", "sh", "-c", "echo " + version + " > /usr/share/nginx/html/index.html");
    }
  }

  private void select(String version) {
    cluster.k(
        "patch",
        "service",
        "web",
        "-p",
        "{\"spec\":{\"selector\":{\"app\":\"%s\"}}}".formatted(version));
  }

  @Test
  void connectionsGoOnWhileServerAndNodeAreKilled() throws Exception {
    cluster = new TestCluster(directory);
    node = directory.resolve("node").toString();
    Process server = startServer();
    Path keys = cluster.data().resolve("pki");
    start(
        "controller-manager",
        "--kubeconfig",
        cluster.data().resolve("controller-manager.kubeconfig").toString(),
        "--cluster-signing-cert-file",
        keys.resolve("ca.crt").toString(),
        "--cluster-signing-key-file",
        keys.resolve("ca.key").toString(),
        "--service-account-private-key-file",
        keys.resolve("sa.key").toString());
    start("scheduler", "--kubeconfig", cluster.data().resolve("scheduler.kubeconfig").toString());
    TestCluster.tiphys(
            "token",
            "--kubeconfig",
            cluster.kubeconfig().toString(),
            "--output",
            directory.resolve("joining.kubeconfig").toString())
        .run()
        .ok();
    Process kubelet = startNode();
    cluster.await("the node is ready", out -> out.contains(" Ready"), "get", "nodes");
    TestCluster.tiphys(
            "image",
            "load",
            "--data-dir",
            node,
            ContainersTest.IMAGES.resolve("nginx.tar").toString())
        .run()
        .ok();
    web("one");
    web("two");
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {selector: {app: one}, ports: [{port: 80}]}
        """);
    String address = cluster.k("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
    cluster.await(
        "there are endpoints",
        out -> out.strip().split(" ").length == 2,
        "get",
        "endpoints",
        "web",
        "-o",
        "jsonpath={.subsets[*].addresses[*].ip}");

    try (Load load = new Load(address, 80, RATE, 4)) {
      load.awaitMore(RATE);
      kill(server);
      load.awaitMore(RATE);
      server = startServer();
      select("two");
      load.awaitMore("two", RATE);
      assertThat(cluster.trace("service/web"))
          .contains("kubectl-patch update services/web", "  live on node apart\n");

      kill(kubelet);
      select("one");
      load.awaitMore(RATE);
      startNode();
      load.awaitMore("one", RATE);
      long stale = load.answers().get("two");
      load.awaitMore(RATE);
      load.close();

      assertThat(load.failures()).isEmpty();
      assertThat(load.closed()).as("kept connections stay where they are").isZero();
      assertThat(load.keptAnswers()).containsOnlyKeys("one");
      assertThat(load.answers().get("two") - stale)
          .as("new connections come to the new endpoints alone")
          .isZero();
    }
  }
}
