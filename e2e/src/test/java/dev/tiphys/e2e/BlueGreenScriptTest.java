package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Versions that [BlueGreenScript] deploys one after the other, while requests come.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class BlueGreenScriptTest {

  /// The Services of the colours, by which the script's smoke test goes.
  private static final String COLOURS =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: myapp-blue}
      spec: {selector: {app: myapp, version: blue}, ports: [{port: 8080}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: myapp-green}
      spec: {selector: {app: myapp, version: green}, ports: [{port: 8080}]}
      """;

  private TestCluster cluster;
  private BlueGreenScript script;
  private String address;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    script = new BlueGreenScript(cluster, directory, "exit 0");
    List<String> images = List.of("myapp-1", "myapp-2", "myapp-3", "myapp-4", "myapp-9", "curl");
    address = script.serve(images, COLOURS);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private String colour() {
    return cluster.k("get", "service", "myapp-service", "-o", "jsonpath={.spec.selector.version}");
  }

  @Test
  void threeVersionsComeWithoutALossAndABadOneDoesNot() throws Exception {
    try (Load load = new Load(address, 80, 200, 4)) {
      String old = "blue";
      for (String version : List.of("v2.0", "v3.0", "v4.0")) {
        String next = old.equals("blue") ? "green" : "blue";
        String said = script.deploy(version).ok();
        assertThat(said)
            .contains("Current version: " + old, "Switching traffic to " + next + "...")
            .contains("Deployment complete!");
        assertThat(colour()).isEqualTo(next);
        load.awaitMore("myapp " + version, Load.LEAST);
        assertThat(
                cluster.k("get", "deployment", "myapp-" + old, "-o", "jsonpath={.spec.replicas}"))
            .isEqualTo("1");
        old = next;
      }

      Command.Result bad = script.deploy("v9.0");
      assertThat(bad.exit()).isEqualTo(1);
      assertThat(bad.out()).endsWith("Smoke test failed!\n").doesNotContain("Switching");
      assertThat(colour()).isEqualTo(old);
      assertThat(Pages.at(address)).isEqualTo("myapp v4.0");

      load.close();
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers().keySet())
          .containsExactly("myapp v1.0", "myapp v2.0", "myapp v3.0", "myapp v4.0");
    }
  }
}
