package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Stored objects follow their resource to another storage version.
class StorageMigrationTest {

  private static final ApiResource MIGRATIONS =
      new ApiResource(
          new GroupVersion("storagemigration.k8s.io", "v1beta1"),
          "storageversionmigrations",
          "StorageVersionMigration",
          false);
  private static final ApiResource FOOS =
      new ApiResource(new GroupVersion("example.com", "v1"), "foos", "Foo", true);

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: foos.example.com}
      spec:
        group: example.com
        names: {plural: foos, kind: Foo}
        scope: Namespaced
        versions:
        - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
        - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
      """;

  private final TestCluster cluster =
      new TestCluster(
          1,
          ControllerSettings.DEFAULT.withFeatures(
              FeatureGates.parse("StorageVersionMigrator=true")));

  @AfterEach
  void close() {
    cluster.close();
  }

  private void migrate(String group, String resource) {
    cluster.api.create(
        MIGRATIONS,
        Yaml.struct(
            """
            apiVersion: storagemigration.k8s.io/v1beta1
            kind: StorageVersionMigration
            metadata: {name: m}
            spec: {resource: {group: "%s", resource: %s}}
            """
                .formatted(group, resource)));
    cluster.settle();
  }

  private String condition(String type) {
    Struct condition = Meta.condition(cluster.api.get(MIGRATIONS, "", "m"), type);
    return condition == null
        ? ""
        : condition.string("status")
            + " "
            + condition.string("reason")
            + ": "
            + condition.string("message");
  }

  private Struct foo(String name) {
    return cluster.api.get(FOOS, "default", name);
  }

  private void create(String name) {
    cluster.create(
        FOOS,
        "{apiVersion: example.com/v1, kind: Foo, metadata: {name: %s, namespace: default}}"
            .formatted(name));
  }

  @Test
  void objectsAreWrittenInTheVersionOfToday() {
    cluster.create(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, DEFINITION);
    cluster.settle();
    create("old");
    Struct definition =
        cluster.api.get(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, "", "foos.example.com");
    List<Struct> versions = definition.structs("spec", "versions");
    cluster.api.update(
        ApiResource.CUSTOM_RESOURCE_DEFINITIONS,
        definition.withAt(
            List.of(versions.get(0).with("storage", false), versions.get(1).with("storage", true)),
            "spec",
            "versions"));
    cluster.settle();
    create("new");
    assertThat(
            cluster
                .api
                .get(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, "", "foos.example.com")
                .strings("status", "storedVersions"))
        .containsExactly("v1", "v2");
    Struct old = foo("old");
    Struct recent = foo("new");

    migrate("example.com", "foos");

    assertThat(condition("Succeeded")).isEqualTo("True StorageVersionMigrationSucceeded: ");
    assertThat(condition("Running")).isEqualTo("False StorageVersionMigrationInProgress: ");
    assertThat(condition("Failed")).isEmpty();
    assertThat(
            cluster
                .api
                .get(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, "", "foos.example.com")
                .strings("status", "storedVersions"))
        .containsExactly("v2");
    assertThat(Meta.of(foo("old")).revision())
        .as("was written again")
        .isGreaterThan(Meta.of(old).revision());
    assertThat(foo("old").withoutAt("metadata", "resourceVersion"))
        .isEqualTo(old.withoutAt("metadata", "resourceVersion"));
    assertThat(foo("new")).as("was in the version of today").isEqualTo(recent);
  }

  @Test
  void aResourceThatNobodyServesFailsAfterAWhile() {
    migrate("example.com", "foos");
    cluster.world.advance(Duration.ofMinutes(2));
    assertThat(condition("Failed"))
        .startsWith(
            "True StorageVersionMigrationFailed: migration encountered unhandled error: resource"
                + " does not exist in GC");
    assertThat(condition("Succeeded")).isEmpty();
  }
}
