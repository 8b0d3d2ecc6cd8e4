package dev.tiphys.controllers.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefaultObjectsTest {

  private static final ApiResource DEFINITIONS = ApiResource.CUSTOM_RESOURCE_DEFINITIONS;
  private static final String NAME = "boats.example.com";

  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster(1);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static Struct definition(String field) {
    return Yaml.struct(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: boats.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {kind: Boat, plural: boats}
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema: {type: object, properties: {%s: {type: string}}}
        """
            .formatted(field));
  }

  private void release(String field) {
    try (DefaultObjects objects =
        new DefaultObjects(
            cluster.world,
            cluster.api,
            "boats",
            List.of(DEFINITIONS),
            List.of(definition(field)))) {
      objects.start();
      cluster.world.advance(Duration.ofSeconds(3));
    }
  }

  private boolean has(String field) {
    Struct version =
        cluster.api.get(DEFINITIONS, "", NAME).struct("spec").structs("versions").getFirst();
    return version.has("schema", "openAPIV3Schema", "properties", field);
  }

  @Test
  void aDefinitionThatIsAsItWasMadeFollowsTheRelease() {
    release("oars");
    release("sails");
    release("motor");

    assertThat(has("motor")).isTrue();
    assertThat(has("oars")).isFalse();
  }

  @Test
  void aDefinitionThatAnAdministratorChangedStays() {
    release("oars");
    cluster.api.update(
        DEFINITIONS, definition("rudder").withAt(version(), "metadata", "resourceVersion"));
    release("sails");

    assertThat(has("rudder")).isTrue();
  }

  @Test
  void aDefinitionThatWasThereBeforeStays() {
    cluster.api.create(DEFINITIONS, definition("rudder"));
    release("oars");
    release("sails");

    assertThat(has("rudder")).isTrue();
  }

  @Test
  void aDefinitionThatAnAdministratorDeletedStaysAway() {
    release("oars");
    cluster.api.delete(DEFINITIONS, "", NAME, DeleteOptions.DEFAULT);
    cluster.world.advance(Duration.ofSeconds(3));
    release("sails");

    assertThat(cluster.api.find(DEFINITIONS, "", NAME)).isNull();
  }

  private String version() {
    return cluster.api.get(DEFINITIONS, "", NAME).string("metadata", "resourceVersion");
  }
}
