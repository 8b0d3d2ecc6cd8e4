package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The parts of a cluster, each in a process of its own, over HTTPS.
@Tag("e2e")
class RolesTest {

  @TempDir Path directory;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes.reversed()) {
      process.destroy();
      process.waitFor();
    }
    for (String data : List.of("node", "data")) {
      TestCluster.tiphys("reset", "--data-dir", directory.resolve(data).toString()).run();
    }
  }

  private void start(String role, String... options) throws IOException {
    List<String> words =
        new ArrayList<>(List.of(TestCluster.HOME.resolve("tiphys").toString(), role));
    words.addAll(List.of(options));
    Path log = directory.resolve(role + ".log");
    processes.add(
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  /// With no more rights than the part has.
  private static String own(TestCluster cluster, String part) {
    return cluster.data().resolve(part + ".kubeconfig").toString();
  }

  @Test
  void partsInProcessesOfTheirOwnMakeACluster() throws Exception {
    TestCluster cluster = new TestCluster(directory);
    String kubeconfig = cluster.kubeconfig().toString();
    start(
        "apiserver",
        "--data-dir",
        cluster.data().toString(),
        "--port",
        Integer.toString(cluster.port()),
        "--kubeconfig",
        kubeconfig);
    cluster.await("the API is ready", "ok"::equals, "get", "--raw", "/readyz");
    Path keys = cluster.data().resolve("pki");
    start(
        "controller-manager",
        "--kubeconfig",
        own(cluster, "controller-manager"),
        "--cluster-signing-cert-file",
        keys.resolve("ca.crt").toString(),
        "--cluster-signing-key-file",
        keys.resolve("ca.key").toString(),
        "--service-account-private-key-file",
        keys.resolve("sa.key").toString());
    start("scheduler", "--kubeconfig", own(cluster, "scheduler"));
    String node = directory.resolve("node").toString();
    String joining = directory.resolve("joining.kubeconfig").toString();
    TestCluster.tiphys("token", "--kubeconfig", kubeconfig, "--output", joining).run().ok();
    start("kubelet", "--bootstrap-kubeconfig", joining, "--data-dir", node, "--node-name", "apart");
    cluster.await("the node is ready", out -> out.contains(" Ready"), "get", "nodes");
    assertThat(cluster.k("get", "csr"))
        .contains("kubernetes.io/kube-apiserver-client-kubelet")
        .contains("system:bootstrap:")
        .contains("Approved,Issued");
    TestCluster.tiphys(
            "image",
            "load",
            "--data-dir",
            node,
            ContainersTest.IMAGES.resolve("nginx.tar").toString())
        .run()
        .ok();

    cluster.apply(Manifests.web("apart", 2));

    cluster.k("rollout", "status", "deployment/apart", "--timeout=60s");
    assertThat(cluster.k("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"))
        .isEqualTo("apart apart");
    assertThat(cluster.k("exec", "deploy/apart", "--", "echo", "here")).isEqualTo("here\n");
    cluster.k("delete", "deployment", "apart", "--cascade=foreground", "--timeout=60s");
    assertThat(Files.readString(directory.resolve("apiserver.log"))).doesNotContain(" E ");
  }

  @Test
  void aPartWithoutAServerSaysSo() {
    Command.Result result =
        TestCluster.tiphys("scheduler", "--kubeconfig", directory.resolve("none").toString()).run();

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("none").contains("--kubeconfig");
  }
}
