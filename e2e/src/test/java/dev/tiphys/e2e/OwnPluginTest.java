package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose network is left to a plugin of the user.
@Tag("e2e")
class OwnPluginTest {

  @Test
  void aNodeWaitsForThePluginAndNothingIsConfiguredInItsPlace(@TempDir Path directory)
      throws Exception {
    try (TestCluster cluster = new TestCluster(directory).up("--pod-network", "none")) {
      cluster.await(
          "the node says what it waits for",
          out -> out.startsWith("False") && out.contains("network"),
          "get",
          "nodes",
          "-o",
          "jsonpath={.items[0].status.conditions[?(@.type==\"Ready\")].status}"
              + " {.items[0].status.conditions[?(@.type==\"Ready\")].message}");

      assertThat(cluster.data().resolve("cni")).doesNotExist();
    }
  }
}
