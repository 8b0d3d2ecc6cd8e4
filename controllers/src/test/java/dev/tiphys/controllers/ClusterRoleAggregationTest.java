package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// ClusterRoles gather the rules of those that they select.
class ClusterRoleAggregationTest {

  private static final ApiResource CLUSTER_ROLES =
      new ApiResource(
          new GroupVersion("rbac.authorization.k8s.io", "v1"),
          "clusterroles",
          "ClusterRole",
          false);

  private static final String GATHERING =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: gathering}
      aggregationRule: {clusterRoleSelectors: [{matchLabels: {into: gathering}}]}
      """;

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void source(String name, String resource) {
    cluster.create(
        CLUSTER_ROLES,
        """
        metadata: {name: %s, labels: {into: gathering}}
        rules: [{apiGroups: [""], resources: [%s], verbs: [get]}]
        """
            .formatted(name, resource));
    cluster.settle();
  }

  private List<String> resources(String role) {
    return cluster.api.get(CLUSTER_ROLES, "", role).structs("rules").stream()
        .flatMap(rule -> rule.strings("resources").stream())
        .toList();
  }

  private void apply(String yaml) {
    cluster.api.patch(CLUSTER_ROLES, "", "gathering", "", PatchType.APPLY, Yaml.struct(yaml));
  }

  @Test
  void rulesAreGatheredInTheOrderOfNames() {
    source("b", "pods");
    apply(GATHERING);
    cluster.settle();
    assertThat(resources("gathering")).containsExactly("pods");

    source("a", "secrets");
    assertThat(resources("gathering")).containsExactly("secrets", "pods");

    cluster.api.delete(CLUSTER_ROLES, "", "b", DeleteOptions.DEFAULT);
    cluster.settle();
    assertThat(resources("gathering")).containsExactly("secrets");
  }

  @Test
  void theRulesBelongToTheController() {
    source("a", "pods");
    apply(GATHERING);
    cluster.settle();

    Struct role = cluster.api.get(CLUSTER_ROLES, "", "gathering");
    assertThat(role.structs("metadata", "managedFields"))
        .anySatisfy(
            entry -> {
              assertThat(entry.string("manager")).isEqualTo("clusterrole-aggregation-controller");
              assertThat(entry.string("operation")).isEqualTo("Apply");
              assertThat(entry.has("fieldsV1", "f:rules")).isTrue();
            });
  }

  @Test
  void aManifestWithoutRulesTakesNoneAway() {
    source("a", "pods");
    apply(GATHERING);
    cluster.settle();

    apply(GATHERING);

    assertThat(resources("gathering")).containsExactly("pods");
  }

  @Test
  void aManifestWithEmptyRulesIsFilledAgain() {
    source("a", "pods");
    apply(GATHERING);
    cluster.settle();

    apply(GATHERING + "rules: []\n"); // parts of the cluster apply by force
    assertThat(resources("gathering")).isEmpty();
    cluster.settle();

    assertThat(resources("gathering")).containsExactly("pods");
  }

  @Test
  void theRolesOfUsersAreFilledFromTheStart() {
    assertThat(resources("view")).contains("pods", "deployments").doesNotContain("secrets");
    assertThat(resources("edit")).contains("secrets", "pods/exec").doesNotContain("rolebindings");
    assertThat(resources("admin")).contains("rolebindings", "secrets");
  }
}
