package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What kubectl shows of advice.
@Tag("e2e")
class AdviceTest {

  private static final String KAFKA = "../docs/manifests/as-written/4-kafka.yaml";
  private static final String CORRECTED = "../docs/manifests/corrected/4-kafka.yaml";
  private static final String ORDER =
      "Warning: spec.template.spec.containers[0].env[2].value: $(POD_NAME) is used before it is"
          + " defined, and stays as it is written; move env[3] (POD_NAME) before env[2]"
          + " (KAFKA_ADVERTISED_LISTENERS) [variable-order]";

  @Test
  void kubectlPrintsItAndDryRunsCheckManifests(@TempDir Path directory) throws Exception {
    try (TestCluster cluster = new TestCluster(directory).up("--node", "none")) {
      Command.Result checked = cluster.kubectl("apply", "--dry-run=server", "-f", KAFKA).run();
      assertThat(checked.ok()).isEqualTo("statefulset.apps/kafka created (server dry run)\n");
      assertThat(checked.err()).contains(ORDER, "[name-for-number]");

      Command.Result applied = cluster.kubectl("apply", "-f", KAFKA).run();
      assertThat(applied.ok()).isEqualTo("statefulset.apps/kafka created\n");
      assertThat(applied.err()).contains(ORDER, "[name-for-number]");

      Command.Result scaled = cluster.kubectl("scale", "sts", "kafka", "--replicas=1").run();
      assertThat(scaled.ok()).isNotEmpty();
      assertThat(scaled.err()).isEmpty();

      Command.Result corrected = cluster.kubectl("apply", "-f", CORRECTED).run();
      assertThat(corrected.ok()).contains("statefulset.apps/kafka configured");
      assertThat(corrected.err()).isEmpty();
    }
  }

  @Test
  void itCanBeTurnedOff(@TempDir Path directory) throws Exception {
    try (TestCluster cluster = new TestCluster(directory).up("--node", "none", "--advice=off")) {
      Command.Result applied = cluster.kubectl("apply", "-f", KAFKA).run();

      assertThat(applied.ok()).isEqualTo("statefulset.apps/kafka created\n");
      assertThat(applied.err()).isEmpty();
    }
  }
}
