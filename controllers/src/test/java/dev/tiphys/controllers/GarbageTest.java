package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.CONFIG_MAPS;
import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageTest {

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restart(long seed) {
    cluster.close();
    cluster = new TestCluster(seed);
  }

  private void deploy() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(3, ""));
    cluster.settle();
  }

  private Struct configMap(String name, Struct... owners) {
    return configMap("default", name, owners);
  }

  private Struct configMap(String namespace, String name, Struct... owners) {
    Struct metadata =
        new StructBuilder()
            .add("name", name)
            .add("namespace", namespace)
            .addUnlessEmpty("ownerReferences", List.of(owners))
            .build();
    return cluster.api.create(
        CONFIG_MAPS,
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "ConfigMap")
            .add("metadata", metadata)
            .build());
  }

  private static Struct ownedBy(Struct owner, boolean blocks) {
    return Meta.of(owner).asController().without("controller").with("blockOwnerDeletion", blocks);
  }

  private void delete(ApiResource resource, String name, String propagation) {
    cluster.delete(resource, name, DeleteOptions.withPropagation(propagation));
  }

  @Seeds(5)
  void inTheBackgroundEverythingBelowIsDeletedAfterTheOwner(long seed) {
    restart(seed);
    deploy();
    delete(DEPLOYMENTS, "web", "Background");
    assertThat(cluster.list(DEPLOYMENTS)).isEmpty();
    cluster.settle();
    assertThat(cluster.list(REPLICA_SETS)).isEmpty();
    assertThat(cluster.list(PODS)).isEmpty();
  }

  @Seeds(5)
  void inTheForegroundTheOwnerStaysUntilEverythingBelowIsGone(long seed) {
    restart(seed);
    deploy();
    cluster.kubelet.letEnd(pod -> false);
    delete(DEPLOYMENTS, "web", "Foreground");
    cluster.settle();
    assertThat(cluster.get(DEPLOYMENTS, "web").strings("metadata", "finalizers"))
        .containsExactly("foregroundDeletion");
    assertThat(cluster.list(REPLICA_SETS)).hasSize(1);
    assertThat(cluster.list(PODS)).hasSize(3).allMatch(pod -> Meta.of(pod).isBeingDeleted());
    cluster.kubelet.letEnd(pod -> true);
    cluster.settle();
    assertThat(cluster.list(PODS)).isEmpty();
    assertThat(cluster.list(REPLICA_SETS)).isEmpty();
    assertThat(cluster.list(DEPLOYMENTS)).isEmpty();
  }

  @Seeds(5)
  void orphansStayAndNoLongerReferToTheirOwner(long seed) {
    restart(seed);
    deploy();
    delete(DEPLOYMENTS, "web", "Orphan");
    cluster.settle();
    assertThat(cluster.list(DEPLOYMENTS)).isEmpty();
    assertThat(cluster.list(REPLICA_SETS)).hasSize(1);
    assertThat(Meta.of(cluster.list(REPLICA_SETS).getFirst()).owners()).isEmpty();
    assertThat(cluster.list(PODS)).hasSize(3);
  }

  @Test
  void whatRefersToAnOwnerThatNeverWasIsDeleted() {
    Struct owner = configMap("owner");
    cluster.delete(CONFIG_MAPS, "owner");
    configMap("dangling", ownedBy(owner, false));
    configMap("free");
    cluster.settle();
    assertThat(cluster.names(CONFIG_MAPS)).containsExactly("free");
  }

  @Test
  void anObjectLivesAsLongAsOneOfItsOwnersAndForgetsTheOthers() {
    Struct first = configMap("first");
    Struct second = configMap("second");
    configMap("shared", ownedBy(first, false), ownedBy(second, false));
    cluster.settle();
    cluster.delete(CONFIG_MAPS, "first");
    cluster.settle();
    assertThat(Meta.of(cluster.get(CONFIG_MAPS, "shared")).owners())
        .extracting(owner -> owner.string("name"))
        .containsExactly("second");
    cluster.delete(CONFIG_MAPS, "second");
    cluster.settle();
    assertThat(cluster.list(CONFIG_MAPS)).isEmpty();
  }

  @Seeds(10)
  void whatIsGivenAnotherOwnerAtTheLastMomentStays(long seed) {
    restart(seed);
    for (int i = 0; i < 20; i++) {
      Struct before = configMap("before-" + i);
      Struct after = configMap("after-" + i);
      configMap("dependent-" + i, ownedBy(before, false));
      cluster.change(
          CONFIG_MAPS,
          "dependent-" + i,
          dependent ->
              dependent.withAt(List.of(ownedBy(after, false)), "metadata", "ownerReferences"));
      cluster.delete(CONFIG_MAPS, "before-" + i);
    }
    cluster.settle();
    assertThat(cluster.names(CONFIG_MAPS))
        .filteredOn(name -> name.startsWith("dependent-"))
        .hasSize(20);
  }

  @Test
  void onlyDependentsThatBlockHoldTheirOwnerUp() {
    Struct owner = configMap("owner");
    Struct held = configMap("held", ownedBy(owner, false));
    cluster.api.update(
        CONFIG_MAPS, held.withAt(List.of("example.com/hold"), "metadata", "finalizers"));
    cluster.settle();
    delete(CONFIG_MAPS, "owner", "Foreground");
    cluster.settle();
    assertThat(cluster.names(CONFIG_MAPS)).containsExactly("held");
  }

  @Test
  void anOwnerThatWaitsForItsDependentsDoesNotTakeThoseThatHaveAnotherOwner() {
    Struct going = configMap("going");
    Struct staying = configMap("staying");
    configMap("its", ownedBy(going, true));
    configMap("shared", ownedBy(going, true), ownedBy(staying, false));
    cluster.settle();
    delete(CONFIG_MAPS, "going", "Foreground");
    cluster.settle();
    assertThat(cluster.names(CONFIG_MAPS)).containsExactly("shared", "staying");
    Struct shared = cluster.get(CONFIG_MAPS, "shared");
    assertThat(Meta.of(shared).isBeingDeleted()).isFalse();
    assertThat(Meta.of(shared).owners())
        .extracting(owner -> owner.string("name"))
        .containsExactly("staying");
  }

  @Test
  void objectsThatOwnEachOtherCanBeDeleted() {
    Struct one = configMap("one");
    Struct other = configMap("other", ownedBy(one, true));
    cluster.change(
        CONFIG_MAPS,
        "one",
        map -> map.withAt(List.of(ownedBy(other, true)), "metadata", "ownerReferences"));
    cluster.settle();
    delete(CONFIG_MAPS, "one", "Foreground");
    cluster.settle();
    assertThat(cluster.list(CONFIG_MAPS)).isEmpty();
  }

  @Test
  void anOwnerInAnotherNamespaceCountsAsAbsentAndIsReported() {
    Struct owner = configMap("kube-system", "owner");
    cluster.settle();
    configMap("stray", ownedBy(owner, false));
    cluster.settle();
    assertThat(cluster.list(CONFIG_MAPS)).isEmpty();
    assertThat(cluster.events("stray"))
        .anyMatch(event -> event.endsWith(" does not exist in namespace \"default\""));
  }

  @Test
  void anObjectOfTheClusterWithAnOwnerInANamespaceIsReportedAndKept() {
    Struct owner = configMap("owner");
    cluster.api.create(
        NODES,
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Node")
            .add(
                "metadata",
                Struct.of("name", "node-9", "ownerReferences", List.of(ownedBy(owner, false))))
            .build());
    cluster.delete(CONFIG_MAPS, "owner");
    cluster.settle();
    assertThat(cluster.names(NODES)).contains("node-9");
    assertThat(cluster.events("node-9"))
        .anyMatch(event -> event.startsWith("OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, "));
  }
}
