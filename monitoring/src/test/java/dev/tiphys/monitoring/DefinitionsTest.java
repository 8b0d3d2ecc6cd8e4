package dev.tiphys.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DefinitionsTest {

  /// Structural, with valid columns: an API server takes them, and has nothing to say of them.
  @Test
  void theApiServerTakesThem() {
    try (TestCluster cluster = new TestCluster(1, ControllerSettings.DEFAULT)) {
      for (Struct definition : Definitions.all()) {
        cluster.api.create(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, definition);
      }
      cluster.advance(Duration.ofSeconds(10));

      assertThat(Definitions.all()).hasSize(8);
      for (Struct definition : Definitions.all()) {
        Struct taken =
            cluster.api.get(
                ApiResource.CUSTOM_RESOURCE_DEFINITIONS, "", Meta.of(definition).name());
        assertThat(taken.structs("status", "conditions"))
            .extracting(condition -> condition.string("type") + "=" + condition.string("status"))
            .contains("Established=True")
            .doesNotContain("NonStructuralSchema=True");
      }
    }
  }
}
