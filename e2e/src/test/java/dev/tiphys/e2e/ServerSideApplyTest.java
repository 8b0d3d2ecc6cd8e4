package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Server-side apply with real kubectl.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class ServerSideApplyTest {

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up("--node", "none");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static String configMap(String name, String data) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {%s}}"
        .formatted(name, data);
  }

  /// Runs kubectl with what it is to read.
  private Command.Result run(String manifest, String... arguments) {
    return cluster.kubectl(arguments).reading(manifest).run();
  }

  private Command.Result apply(String manifest, String manager, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("apply", "--server-side", "--field-manager", manager, "-f", "-"));
    arguments.addAll(List.of(more));
    return run(manifest, arguments.toArray(String[]::new));
  }

  private String data(String name) {
    return cluster.k("get", "configmap", name, "-o", "jsonpath={.data}");
  }

  @Test
  void managersConflictUntilOneIsForced() {
    assertThat(apply(configMap("fought", "a: '1'"), "one").ok())
        .contains("configmap/fought serverside-applied");

    Command.Result refused = apply(configMap("fought", "a: '2'"), "two");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "Apply failed with 1 conflict: conflict with \"one\": .data.a", "--force-conflicts");

    apply(configMap("fought", "a: '2'"), "two", "--force-conflicts").ok();
    assertThat(data("fought")).isEqualTo("{\"a\":\"2\"}");
  }

  @Test
  void objectsMoveFromClientSideApply() {
    run(configMap("moved", "a: '1', b: '2'"), "apply", "-f", "-").ok();
    run(configMap("moved", "a: '1', b: '2'"), "apply", "--server-side", "-f", "-").ok();
    assertThat(
            cluster.k(
                "get",
                "configmap",
                "moved",
                "-o",
                "jsonpath={range .metadata.managedFields[*]}{.manager}/{.operation} {end}"))
        .contains("kubectl/Apply")
        .doesNotContain("kubectl-client-side-apply");

    run(configMap("moved", "a: '1'"), "apply", "--server-side", "-f", "-").ok();
    assertThat(data("moved")).isEqualTo("{\"a\":\"1\"}");
  }

  @Test
  void objectsMoveBackToClientSideApply() {
    run(configMap("back", "a: '1', b: '2'"), "apply", "--server-side", "-f", "-").ok();
    run(configMap("back", "a: '2'"), "apply", "-f", "-").ok();
    assertThat(data("back")).contains("\"a\":\"2\"");
  }

  @Test
  void differencesAreWorkedOutByTheServer() {
    apply(configMap("differs", "a: '1'"), "kubectl").ok();
    Command.Result same = run(configMap("differs", "a: '1'"), "diff", "--server-side", "-f", "-");
    assertThat(same.exit()).as(same.out()).isZero();

    Command.Result other = run(configMap("differs", "a: '2'"), "diff", "--server-side", "-f", "-");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.out()).contains("-  a: \"1\"", "+  a: \"2\"");
    assertThat(data("differs")).isEqualTo("{\"a\":\"1\"}");
  }

  @Test
  void whatWasAppliedLastIsEdited() {
    run(configMap("edited", "a: '1'"), "apply", "-f", "-").ok();
    cluster
        .kubectl("apply", "edit-last-applied", "configmap/edited")
        .with("KUBE_EDITOR", "sed -i /a:/s/1/2/")
        .run()
        .ok();
    assertThat(cluster.k("apply", "view-last-applied", "configmap/edited")).contains("a: \"2\"");
  }

  @Test
  void scaledReplicasAreNotTakenBackByAccident() {
    String deployment = Manifests.web("scaled", 3);
    apply(deployment, "deployer").ok();
    cluster.k("scale", "deployment/scaled", "--replicas=5");

    Command.Result refused = apply(deployment, "deployer");
    assertThat(refused.err())
        .contains(
            "conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas");

    apply(deployment, "deployer", "--force-conflicts").ok();
    assertThat(cluster.k("get", "deployment", "scaled", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("3");
  }
}
