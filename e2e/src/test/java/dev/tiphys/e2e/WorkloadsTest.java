package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// StatefulSets, DaemonSets, Jobs and CronJobs on simulated nodes, as kubectl sees them.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class WorkloadsTest {

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up("--node", "simulated", "--simulated-nodes", "3");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private void set(String name, int replicas) {
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: %1$s}
        spec:
          serviceName: %1$s
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec: {containers: [{name: mysql, image: "mysql:8.0"}]}
        """
            .formatted(name, replicas));
  }

  private void status(String what) {
    assertThat(cluster.k("rollout", "status", what, "--timeout=60s"))
        .containsAnyOf("roll out complete", "successfully rolled out");
  }

  private String pods(String app) {
    return pods(app, "{.items[*].metadata.name}");
  }

  private String pods(String app, String path) {
    return cluster.k("get", "pods", "-l", "app=" + app, "-o", "jsonpath=" + path);
  }

  @Test
  void aStatefulSetScalesInOrderAndIsRolledOutAndUndone() {
    set("mysql", 3);
    status("sts/mysql");
    assertThat(pods("mysql")).isEqualTo("mysql-0 mysql-1 mysql-2");
    assertThat(cluster.k("get", "sts", "mysql")).containsPattern("mysql +3/3");

    cluster.k("set", "image", "sts/mysql", "mysql=mysql:8.4");
    status("sts/mysql");
    cluster.k("rollout", "undo", "sts/mysql");
    status("sts/mysql");
    assertThat(
            cluster.k(
                "get",
                "pods",
                "-l",
                "app=mysql",
                "-o",
                "jsonpath={.items[*].spec.containers[0].image}"))
        .isEqualTo("mysql:8.0 mysql:8.0 mysql:8.0");
    assertThat(cluster.k("rollout", "history", "sts/mysql")).containsPattern("(?m)^2 .*\n3 ");

    cluster.k("scale", "statefulset", "mysql", "--replicas=5");
    status("sts/mysql");
    assertThat(pods("mysql")).isEqualTo("mysql-0 mysql-1 mysql-2 mysql-3 mysql-4");
    cluster.k("scale", "statefulset", "mysql", "--replicas=2");
    cluster.await(
        "the last are gone",
        "mysql-0 mysql-1"::equals,
        "get",
        "pods",
        "-l",
        "app=mysql",
        "-o",
        "jsonpath={.items[*].metadata.name}");
    cluster.await(
        "events tell of it",
        out ->
            out.contains("create Pod mysql-4 in StatefulSet mysql successful")
                && out.contains("delete Pod mysql-2 in StatefulSet mysql successful"),
        "describe",
        "sts",
        "mysql");
  }

  /// The document's manifest for replication lacks both.
  @Test
  void aStatefulSetWithoutSelectorAndLabelsIsRefused() {
    String manifest =
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: incomplete, namespace: default}
        spec:
          serviceName: mysql
          replicas: 3
          template: {spec: {containers: [{name: mysql, image: "mysql:8.0"}]}}
        """;

    assertThat(cluster.kubectl("apply", "-f", "-").reading(manifest).run().err())
        .contains("The StatefulSet \"incomplete\" is invalid")
        .contains("spec.selector: Required value")
        .contains("`selector` does not match template `labels`");
  }

  @Test
  void aDaemonSetRunsOnEveryNodeAndIsRolledOut() {
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: agent, image: "agent:1"}]}
        """);
    status("ds/agent");
    assertThat(cluster.k("get", "ds", "agent")).containsPattern("agent +3 +3 +3 +3 +3");
    assertThat(pods("agent").split(" ")).hasSize(3);

    cluster.k("rollout", "restart", "ds/agent");
    status("ds/agent");

    assertThat(cluster.k("rollout", "history", "ds/agent")).containsPattern("(?m)^1 .*\n2 ");
    cluster.k("rollout", "undo", "ds/agent", "--to-revision=1");
    status("ds/agent");
  }

  @Test
  void aJobCompletesItsIndexes() {
    cluster.apply(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: pi}
        spec:
          completions: 5
          parallelism: 2
          completionMode: Indexed
          template:
            metadata: {annotations: {simulated.tiphys.dev/exit-code: "0"}}
            spec: {restartPolicy: Never, containers: [{name: app, image: "x:1"}]}
        """);

    cluster.k("wait", "--for=condition=complete", "job/pi", "--timeout=60s");

    assertThat(cluster.k("get", "job", "pi")).containsPattern("pi +Complete +5/5");
    assertThat(cluster.k("get", "job", "pi", "-o", "jsonpath={.status.completedIndexes}"))
        .isEqualTo("0-4");
    cluster.await(
        "an event tells of it", out -> out.contains("Job completed"), "describe", "job", "pi");
  }

  @Test
  void aCronJobCanBeRunByHand() {
    cluster.apply(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report}
        spec:
          schedule: "0 0 1 1 *"
          timeZone: Europe/Zurich
          jobTemplate:
            spec:
              template:
                metadata: {annotations: {simulated.tiphys.dev/exit-code: "0"}}
                spec: {restartPolicy: Never, containers: [{name: app, image: "x:1"}]}
        """);

    cluster.k("create", "job", "now", "--from=cronjob/report");

    cluster.k("wait", "--for=condition=complete", "job/now", "--timeout=60s");
    assertThat(cluster.k("get", "cronjob", "report"))
        .containsPattern("report +0 0 1 1 \\* +Europe/Zurich +False");
  }

  @Test
  void aPreviewSaysWhatAnApplyDoesAndDoesNothing() {
    set("previewed", 2);
    status("sts/previewed");
    String uids = pods("previewed", "{.items[*].metadata.uid}");
    String change =
        cluster
            .k("get", "sts", "previewed", "-o", "yaml")
            .replace("mysql:8.0", "mysql:8.4")
            .replace("replicas: 2", "replicas: 3");

    Command.Result said =
        TestCluster.tiphys("preview", "--kubeconfig", cluster.kubeconfig().toString(), "-f", "-")
            .reading(change)
            .run();

    assertThat(said.ok())
        .contains("statefulsets.apps/previewed configured")
        .contains(
            "statefulsets.apps/previewed in default: 1 pod created, 2 pods replaced; complete:"
                + " 3 of 3 updated and ready");
    assertThat(pods("previewed", "{.items[*].metadata.uid}")).isEqualTo(uids);
  }

  @Test
  void aDrainKeepsTheBudget() {
    set("kept", 3);
    status("sts/kept");
    cluster.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: kept}
        spec: {minAvailable: 2, selector: {matchLabels: {app: kept}}}
        """);
    String node = cluster.k("get", "pod", "kept-0", "-o", "jsonpath={.spec.nodeName}");

    cluster.k("drain", node, "--ignore-daemonsets", "--force", "--timeout=60s");

    status("sts/kept");
    assertThat(
            cluster.k("get", "pods", "-l", "app=kept", "-o", "jsonpath={.items[*].spec.nodeName}"))
        .doesNotContain(node);
    cluster.k("uncordon", node);
  }
}
