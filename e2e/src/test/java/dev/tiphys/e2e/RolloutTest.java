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

/// Deployments on simulated nodes, as kubectl sees them.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class RolloutTest {

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up("--node", "simulated", "--simulated-nodes", "3");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private void status(String name) {
    assertThat(cluster.k("rollout", "status", "deployment/" + name, "--timeout=60s"))
        .contains("successfully rolled out");
  }

  @Test
  void nodesAreReadyWithWhatKubectlPrintsOfThem() {
    assertThat(cluster.k("get", "nodes"))
        .containsPattern("NAME +STATUS +ROLES +AGE +VERSION")
        .containsPattern("simulated-0 +Ready +<none> +\\S+ +v1\\.36\\.0");
  }

  @Test
  void aChangeIsRolledOutAndUndone() {
    cluster.apply(Manifests.web("undone", 3));
    status("undone");
    cluster.k("set", "image", "deployment/undone", "nginx=nginx:2");
    status("undone");

    assertThat(cluster.k("rollout", "history", "deployment/undone"))
        .containsPattern("(?m)^1 .*\n2 ");
    cluster.k("rollout", "undo", "deployment/undone");
    status("undone");

    assertThat(
            cluster.k(
                "get",
                "pods",
                "-l",
                "app=undone",
                "-o",
                "jsonpath={.items[*].spec.containers[0].image}"))
        .contains("nginx:1.24");
    assertThat(cluster.k("rollout", "history", "deployment/undone"))
        .containsPattern("(?m)^2 .*\n3 ");
    assertThat(cluster.k("get", "rs", "-l", "app=undone", "-o", "name").lines()).hasSize(2);
  }

  @Test
  void aPausedDeploymentWaits() {
    cluster.apply(Manifests.web("paused", 1));
    status("paused");
    cluster.k("rollout", "pause", "deployment/paused");
    cluster.k("set", "image", "deployment/paused", "nginx=nginx:2");
    cluster.await(
        "the pause is seen",
        out -> out.contains("DeploymentPaused"),
        "get",
        "deployment/paused",
        "-o",
        "jsonpath={.status.conditions[*].reason}");
    assertThat(cluster.k("get", "rs", "-l", "app=paused", "-o", "name").lines()).hasSize(1);

    cluster.k("rollout", "resume", "deployment/paused");

    status("paused");
    assertThat(cluster.k("get", "rs", "-l", "app=paused", "-o", "name").lines()).hasSize(2);
  }

  @Test
  void eventsTellOfTheWalk() {
    cluster.apply(Manifests.web("told", 2));
    status("told");

    String described =
        cluster.await(
            "the controller's event is there",
            out -> out.contains("ScalingReplicaSet"),
            "describe",
            "deployment",
            "told");
    assertThat(described)
        .containsPattern(
            "Normal +ScalingReplicaSet +\\S+ +deployment-controller +Scaled up replica set told-\\S+ from 0 to 2")
        .contains("2 desired | 2 updated | 2 total | 2 available | 0 unavailable")
        .containsPattern("Progressing +True +NewReplicaSetAvailable");
    cluster.await(
        "the scheduler's event is there",
        out -> out.contains("Successfully assigned default/told-"),
        "get",
        "events");
  }

  @Test
  void aPodThatFitsNowhereSaysWhy() {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: huge, namespace: default}
        spec:
          containers: [{name: c, image: x, resources: {requests: {cpu: "1000"}}}]
        """);

    assertThat(
            cluster.await(
                "the Pod is judged",
                out -> !out.isEmpty(),
                "get",
                "pod",
                "huge",
                "-o",
                "jsonpath={.status.conditions[?(@.type=='PodScheduled')].message}"))
        .startsWith("0/3 nodes are available: 3 Insufficient cpu.");
  }

  @Test
  void whatIsOwnedGoesWithItsOwner() {
    cluster.apply(Manifests.web("owned", 2));
    status("owned");

    cluster.k("delete", "deployment", "owned", "--cascade=foreground");

    assertThat(cluster.k("get", "rs,pods", "-l", "app=owned", "-o", "name")).isEmpty();
    cluster.apply(Manifests.web("orphaned", 1));
    status("orphaned");
    cluster.k("delete", "deployment", "orphaned", "--cascade=orphan");
    assertThat(cluster.k("get", "rs", "-l", "app=orphaned", "-o", "name").lines()).hasSize(1);
  }

  @Test
  void aNamespaceGoesWithAllThatIsInIt() {
    cluster.k("create", "namespace", "going");
    cluster.await(
        "the default objects are there",
        out -> out.contains("serviceaccount/default") && out.contains("kube-root-ca.crt"),
        "get",
        "serviceaccounts,configmaps",
        "-n",
        "going",
        "-o",
        "name");
    cluster.k("create", "deployment", "web", "--image=nginx:1.24", "-n", "going");

    cluster.k("delete", "namespace", "going", "--timeout=60s");

    assertThat(cluster.kubectl("get", "namespace", "going").run().err()).contains("NotFound");
  }

  @Test
  void aTraceTellsWhatAnApplySetInMotion() {
    cluster.apply(Manifests.web("traced", 2));
    status("traced");

    assertThat(cluster.trace("deployment/traced"))
        .containsSubsequence(
            "create deployments.apps/traced",
            "deployment-controller create replicasets.apps/traced-",
            "replicaset-controller create pods/traced-",
            "default-scheduler",
            "Running");
  }
}
