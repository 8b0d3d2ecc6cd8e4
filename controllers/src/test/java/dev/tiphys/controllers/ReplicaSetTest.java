package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.REPLICATION_CONTROLLERS;
import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplicaSetTest {

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.seeds", 12));
  }

  private void scale(long replicas) {
    cluster.change(REPLICA_SETS, "web", set -> set.withAt(replicas, "spec", "replicas"));
  }

  private Struct status() {
    return cluster.get(REPLICA_SETS, "web").struct("status");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void inWhateverOrderThingsHappenExactlyTheWantedPodsAreMade(long seed) {
    cluster.close();
    cluster = new TestCluster(seed);
    Set<String> made = new HashSet<>();
    Informer watched =
        cluster.observe(PODS, pods -> pods.list().forEach(pod -> made.add(Meta.of(pod).uid())));
    cluster.create(REPLICA_SETS, Manifests.replicaSet("web", 40));
    cluster.settle();
    assertThat(made).hasSize(40);
    scale(15);
    cluster.settle();
    scale(20);
    cluster.settle();
    assertThat(made).hasSize(45);
    assertThat(cluster.list(PODS)).hasSize(20);
    assertThat(status().integer("availableReplicas")).isEqualTo(20);
    watched.close();
  }

  @Test
  void whatIsMoreThanABurstIsMadeInSeveral() {
    cluster.create(REPLICA_SETS, Manifests.replicaSet("web", 1200));
    cluster.settle();
    assertThat(cluster.list(PODS)).hasSize(1200);
    assertThat(status().integer("readyReplicas")).isEqualTo(1200);
  }

  @Test
  void aPodThatIsLostIsReplaced() {
    cluster.create(REPLICA_SETS, Manifests.replicaSet("web", 2));
    cluster.settle();
    String name = cluster.names(PODS).getFirst();
    cluster.api.delete(PODS, "default", name, DeleteOptions.withGrace(0));
    cluster.settle();
    assertThat(cluster.names(PODS)).hasSize(2).doesNotContain(name);
  }

  /// What keeps a number of Pods, of either kind.
  private void keep(ApiResource kind, int replicas) {
    String set = Manifests.replicaSet("web", replicas);
    cluster.create(
        kind,
        kind.equals(REPLICA_SETS)
            ? set
            : set.replace("apps/v1", "v1")
                .replace("ReplicaSet", "ReplicationController")
                .replace("{matchLabels: {app: web}}", "{app: web}"));
  }

  static List<ApiResource> kinds() {
    return List.of(REPLICA_SETS, REPLICATION_CONTROLLERS);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void podsThatMatchAreAdoptedAndPodsThatNoLongerMatchAreReleased(ApiResource kind) {
    cluster.create(PODS, Manifests.pod("bare"));
    keep(kind, 2);
    cluster.settle();
    assertThat(cluster.names(PODS)).hasSize(2).contains("bare");
    Struct owner = Meta.of(cluster.get(PODS, "bare")).controller();
    assertThat(owner.string("kind")).isEqualTo(kind.kind());
    assertThat(owner.string("name")).isEqualTo("web");
    cluster.change(PODS, "bare", pod -> pod.withAt("other", "metadata", "labels", "app"));
    cluster.settle();
    assertThat(Meta.of(cluster.get(PODS, "bare")).owners()).isEmpty();
    assertThat(cluster.names(PODS)).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aQuotaThatIsUsedUpIsToldUntilThePodsFit(ApiResource kind) {
    cluster.create(
        new ApiResource(new GroupVersion("", "v1"), "resourcequotas", "ResourceQuota", true),
        "{metadata: {name: two, namespace: default}, spec: {hard: {pods: 2}}}");
    cluster.advance(Duration.ofSeconds(1));
    keep(kind, 3);
    cluster.settle();
    Struct failure = Meta.condition(cluster.get(kind, "web"), "ReplicaFailure");
    assertThat(failure.string("status")).isEqualTo("True");
    assertThat(failure.string("reason")).isEqualTo("FailedCreate");
    assertThat(failure.string("message")).contains("exceeded quota: two");
    assertThat(cluster.list(PODS)).hasSize(2);
    cluster.change(kind, "web", web -> web.withAt(2L, "spec", "replicas"));
    cluster.settle();
    assertThat(Meta.condition(cluster.get(kind, "web"), "ReplicaFailure")).isNull();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aTemplateThatChangesIsThatOfPodsThatComeLater(ApiResource kind) {
    keep(kind, 1);
    cluster.settle();
    Struct patch =
        Yaml.struct(
            "{spec: {replicas: 3, template: {spec: {terminationGracePeriodSeconds: 0,"
                + " containers: [{name: app, image: 'web:2'}]}}}}");
    cluster.api.patch(kind, "default", "web", "", PatchType.STRATEGIC, patch);
    cluster.settle();
    assertThat(cluster.list(PODS))
        .extracting(pod -> pod.structs("spec", "containers").getFirst().string("image"))
        .containsExactlyInAnyOrder("web:1", "web:2", "web:2");
    Struct status = cluster.get(kind, "web").struct("status");
    assertThat(status.integer("readyReplicas")).isEqualTo(3);
    assertThat(status.integer("availableReplicas")).isEqualTo(3);
  }

  @Test
  void podsThatDoLeastGoodAreDeletedFirst() {
    cluster.kubelet.letWork(pod -> !Meta.of(pod).name().equals("broken"));
    cluster.create(PODS, Manifests.pod("broken"));
    cluster.create(PODS, Manifests.pod("cheap"));
    cluster.create(PODS, Manifests.pod("dear"));
    cluster.settle();
    cluster.change(
        PODS,
        "cheap",
        p -> Meta.withAnnotation(p, "controller.kubernetes.io/pod-deletion-cost", "-5"));
    cluster.create(REPLICA_SETS, Manifests.replicaSet("web", 3));
    cluster.settle();
    scale(2);
    cluster.settle();
    assertThat(cluster.names(PODS)).containsExactly("cheap", "dear");
    scale(1);
    cluster.settle();
    assertThat(cluster.names(PODS)).containsExactly("dear");
    assertThat(cluster.events("web"))
        .containsExactlyInAnyOrder(
            "SuccessfulDelete: Deleted pod: broken", "SuccessfulDelete: Deleted pod: cheap");
  }

  @Test
  void whatCannotBeMadeIsTriedWithOneCallAndTold() {
    String manifest =
        Manifests.replicaSet("web", 100)
            .replace("containers:", "priorityClassName: none\n      containers:");
    cluster.create(REPLICA_SETS, manifest);
    cluster.world.settle();
    Struct condition = Meta.condition(cluster.get(REPLICA_SETS, "web"), "ReplicaFailure");
    assertThat(condition.string("reason")).isEqualTo("FailedCreate");
    List<String> events = cluster.events("web");
    assertThat(events)
        .hasSizeBetween(1, 2)
        .first()
        .asString()
        .startsWith("FailedCreate: Error creating: pods");
  }

  @Test
  void aReplicationControllerKeepsItsPodsToo() {
    keep(REPLICATION_CONTROLLERS, 2);
    cluster.settle();
    assertThat(cluster.get(REPLICATION_CONTROLLERS, "web").struct("status").toString())
        .isEqualTo(
            """
            {"availableReplicas":2,"fullyLabeledReplicas":2,"observedGeneration":1,\
            "readyReplicas":2,"replicas":2}""");
  }
}
