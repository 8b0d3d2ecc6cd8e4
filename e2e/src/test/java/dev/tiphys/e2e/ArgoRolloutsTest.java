package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// A Rollout with an active and a preview Service, by the commands of `kubectl argo rollouts`.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ArgoRolloutsTest {

  private static final Path MANIFEST =
      TestCluster.HOME.resolve("docs/manifests/delivery/rollout.yaml");
  private static final int SWITCHES = 20;

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : List.of("myapp-1", "myapp-2")) {
      cluster.load(ContainersTest.IMAGES.resolve(image + ".tar"));
    }
    cluster.await(
        "Rollouts are served",
        "True"::equals,
        "get",
        "crd",
        "rollouts.argoproj.io",
        "-o",
        "jsonpath={.status.conditions[?(@.type==\"Established\")].status}");
    cluster.k("apply", "-f", MANIFEST.toString());
    // the way back is to be free however long the machine takes for the steps before
    cluster.k(
        "patch",
        "rollout",
        "myapp",
        "--type=merge",
        "-p",
        "{\"spec\":{\"strategy\":{\"blueGreen\":{\"scaleDownDelaySeconds\":600}}}}");
    assertThat(argo("status", "myapp", "--timeout", "120s")).endsWith("Healthy\n");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// What the plugin prints, if it ends well.
  private String argo(String... arguments) {
    Command command = cluster.kubectl("argo", "rollouts");
    List.of(arguments).forEach(command::and);
    return command
        .with("PATH", TestCluster.HOME.resolve("bin") + ":" + System.getenv("PATH"))
        .run()
        .ok();
  }

  private String address(String service) {
    return cluster.k("get", "service", service, "-o", "jsonpath={.spec.clusterIP}");
  }

  @Test
  @Order(1)
  void aNewVersionIsPreviewedAndPromoted() throws Exception {
    assertThat(argo("set", "image", "myapp", "myapp=myapp:v2.0"))
        .isEqualTo("rollout \"myapp\" image updated\n");
    cluster.k("wait", "--for=condition=Paused", "rollout/myapp", "--timeout=120s");
    assertThat(argo("get", "rollout", "myapp", "--no-color"))
        .contains("Status:          ॥ Paused\nMessage:         BlueGreenPause\n")
        .contains("myapp:v1.0 (active, stable)", "myapp:v2.0 (preview)");
    assertThat(Pages.at(address("myapp-active"))).isEqualTo("myapp v1.0");
    assertThat(Pages.ofForwarded(cluster, "service/myapp-preview", 80)).isEqualTo("myapp v2.0");

    assertThat(argo("promote", "myapp")).isEqualTo("rollout 'myapp' promoted\n");
    assertThat(argo("status", "myapp", "--timeout", "120s")).endsWith("Healthy\n");
    Pages.await(address("myapp-active"), "myapp v2.0");
    assertThat(argo("undo", "myapp")).isEqualTo("rollout 'myapp' undo\n");
    assertThat(argo("status", "myapp", "--timeout", "120s")).endsWith("Healthy\n");
    Pages.await(address("myapp-active"), "myapp v1.0");
    assertThat(cluster.k("get", "rollouts"))
        .containsPattern("NAME +DESIRED +CURRENT +UP-TO-DATE +AVAILABLE +AGE")
        .containsPattern("myapp +5 +10 +5 +5 +");
  }

  /// The way back to the older version is taken at once, while its Pods are still there; the way
  /// forward is promoted.
  @Test
  @Order(2)
  void manySwitchesLoseNoRequest(TestReporter reporter) throws Exception {
    String active = address("myapp-active");
    try (Load load = new Load(active, 80, Load.RATE, 8)) {
      for (int i = 0; i < SWITCHES; i++) {
        argo("undo", "myapp");
        if (i % 2 == 0) {
          cluster.k("wait", "--for=condition=Paused", "rollout/myapp", "--timeout=120s");
          argo("promote", "myapp");
        }
        argo("status", "myapp", "--timeout", "120s");
        load.awaitMore(i % 2 == 0 ? "myapp v2.0" : "myapp v1.0", Load.LEAST);
      }
      load.close();
      load.report(reporter);
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers().keySet()).containsExactly("myapp v1.0", "myapp v2.0");
    }
    assertThat(cluster.trace("service/myapp-active"))
        .contains("kubectl-argo-rollouts", "rollouts update services/myapp-active")
        .contains("live on node");
  }

  @Test
  @Order(3)
  void theTreeIsShownAsItChanges() throws Exception {
    Process watch =
        new ProcessBuilder(
                cluster
                    .kubectl("argo", "rollouts", "get", "rollout", "myapp", "--watch", "--no-color")
                    .with("PATH", TestCluster.HOME.resolve("bin") + ":" + System.getenv("PATH"))
                    .words())
            .start();
    try (BufferedReader out = watch.inputReader()) {
      await(out, "Healthy");
      argo("set", "image", "myapp", "myapp=myapp:broken");
      await(out, "revision:");
      await(out, "Progressing");
      argo("abort", "myapp");
      await(out, "Degraded");
    } finally {
      watch.destroy();
    }
    assertThat(argo("list", "rollouts")).containsPattern("myapp +BlueGreen +Degraded ");
  }

  private static void await(BufferedReader out, String part) throws IOException {
    String line = out.readLine();
    while (line != null && !line.contains(part)) {
      line = out.readLine();
    }
    assertThat(line).as(part).isNotNull();
  }
}
