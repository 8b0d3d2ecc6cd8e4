package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.CONFIG_MAPS;
import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.NAMESPACES;
import static dev.tiphys.client.ApiResource.SERVICE_ACCOUNTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespaceTest {

  private final Map<String, String> undiscovered = new HashMap<>();

  private final TestCluster cluster =
      new TestCluster(
          1,
          ControllerSettings.DEFAULT.withRootCertificates("PEM"),
          new Faults(0, 0, undiscovered));

  @BeforeEach
  void namespace() {
    cluster.api.create(
        NAMESPACES,
        Struct.of("apiVersion", "v1", "kind", "Namespace", "metadata", Struct.of("name", "shop")));
    cluster.settle();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void delete() {
    cluster.api.delete(NAMESPACES, "", "shop", DeleteOptions.DEFAULT);
  }

  private List<Struct> content(ApiResource resource) {
    return cluster.api.list(resource, "shop", ListOptions.ALL).items();
  }

  private String condition(String type) {
    Struct condition = Meta.condition(cluster.api.get(NAMESPACES, "", "shop"), type);
    return condition.string("status")
        + " "
        + condition.string("reason")
        + ": "
        + condition.string("message");
  }

  @Test
  void everyNamespaceHasAServiceAccountAndTheRootCertificates() {
    assertThat(cluster.api.get(SERVICE_ACCOUNTS, "shop", "default")).isNotNull();
    Struct map = cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt");
    assertThat(map.string("data", "ca.crt")).isEqualTo("PEM");
    assertThat(Meta.of(map).annotation("kubernetes.io/description")).startsWith("Contains a CA");
    assertThat(cluster.api.get(CONFIG_MAPS, "kube-system", "kube-root-ca.crt")).isNotNull();
  }

  @Test
  void theyAreMadeAgainAndRepaired() {
    cluster.api.delete(SERVICE_ACCOUNTS, "shop", "default", DeleteOptions.DEFAULT);
    Struct map = cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt");
    cluster.api.update(CONFIG_MAPS, map.with("data", Struct.of("ca.crt", "wrong")));
    cluster.settle();
    assertThat(cluster.api.find(SERVICE_ACCOUNTS, "shop", "default")).isNotNull();
    assertThat(cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt").string("data", "ca.crt"))
        .isEqualTo("PEM");
  }

  @Test
  void aDeletedNamespaceIsEmptiedAndThenGone() {
    cluster.create(
        DEPLOYMENTS, Manifests.deployment(3, "").replace("namespace: default", "namespace: shop"));
    cluster.settle();
    assertThat(content(ApiResource.PODS)).hasSize(3);
    delete();
    cluster.settle();
    assertThat(cluster.api.find(NAMESPACES, "", "shop")).isNull();
    assertThat(content(ApiResource.PODS)).isEmpty();
    assertThat(content(DEPLOYMENTS)).isEmpty();
    assertThat(content(SERVICE_ACCOUNTS)).isEmpty();
  }

  @Test
  void whatHoldsANamespaceUpIsTold() {
    Struct map = cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt");
    cluster.api.update(
        CONFIG_MAPS, map.withAt(List.of("example.com/hold"), "metadata", "finalizers"));
    delete();
    cluster.settle();
    assertThat(condition("NamespaceContentRemaining"))
        .isEqualTo(
            "True SomeResourcesRemain: Some resources are remaining: "
                + "configmaps. has 1 resource instances");
    assertThat(condition("NamespaceFinalizersRemaining"))
        .isEqualTo(
            "True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: "
                + "example.com/hold in 1 resource instances");
    assertThat(condition("NamespaceDeletionContentFailure"))
        .isEqualTo(
            "False ContentDeleted: All content successfully deleted, may be waiting on"
                + " finalization");
    Struct held = cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt");
    cluster.api.update(CONFIG_MAPS, held.withoutAt("metadata", "finalizers"));
    cluster.settle();
    assertThat(cluster.api.find(NAMESPACES, "", "shop")).isNull();
  }

  @Test
  void aGroupThatCannotBeDiscoveredHoldsTheNamespaceUpButNotItsKnownContent() {
    undiscovered.put("ext.example.com/v1", "stale GroupVersion discovery: ext.example.com/v1");
    delete();
    cluster.settle();
    assertThat(condition("NamespaceDeletionDiscoveryFailure"))
        .isEqualTo(
            "True DiscoveryFailed: Discovery failed for some groups, 1 failing: unable to retrieve"
                + " the complete list of server APIs: ext.example.com/v1: stale GroupVersion"
                + " discovery: ext.example.com/v1");
    assertThat(condition("NamespaceContentRemaining"))
        .isEqualTo("False ContentRemoved: All content successfully removed");
    assertThat(content(CONFIG_MAPS)).isEmpty();

    undiscovered.clear();
    cluster.world.advance(Duration.ofMinutes(2));
    cluster.settle();
    assertThat(cluster.api.find(NAMESPACES, "", "shop")).isNull();
  }

  @Test
  void aConditionWhoseMessageAloneChangesKeepsItsTime() {
    Struct map = cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt");
    cluster.api.update(
        CONFIG_MAPS,
        map.withAt(List.of("example.com/hold", "example.com/too"), "metadata", "finalizers"));
    delete();
    cluster.settle();
    String type = "NamespaceFinalizersRemaining";
    Struct before = Meta.condition(cluster.api.get(NAMESPACES, "", "shop"), type);
    assertThat(before.string("message")).contains("example.com/too");

    Struct held = cluster.api.get(CONFIG_MAPS, "shop", "kube-root-ca.crt");
    cluster.api.update(
        CONFIG_MAPS, held.withAt(List.of("example.com/hold"), "metadata", "finalizers"));
    cluster.world.advance(Duration.ofMinutes(1));
    cluster.settle();

    Struct after = Meta.condition(cluster.api.get(NAMESPACES, "", "shop"), type);
    assertThat(after.string("message")).doesNotContain("example.com/too");
    assertThat(after.get("lastTransitionTime")).isEqualTo(before.get("lastTransitionTime"));
  }
}
