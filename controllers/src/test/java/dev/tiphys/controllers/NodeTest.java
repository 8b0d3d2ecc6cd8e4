package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTest {

  private static final String LOST = "node-1";

  private final TestCluster cluster = new TestCluster(1);

  @BeforeEach
  void deploy() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(6, ""));
    cluster.settle();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private List<String> taints(String node) {
    return cluster.get(NODES, node).structs("spec", "taints").stream()
        .map(taint -> taint.string("key") + ":" + taint.string("effect"))
        .toList();
  }

  private List<Struct> podsOn(String node) {
    return cluster.list(PODS).stream()
        .filter(pod -> pod.string("spec", "nodeName").equals(node))
        .toList();
  }

  @Test
  void aNodeThatReportsHasNoTaintsAndIsRegistered() {
    assertThat(taints(LOST)).isEmpty();
    assertThat(cluster.events(LOST))
        .contains("RegisteredNode: Node node-1 event: Registered Node node-1 in Controller");
  }

  @Test
  void aSilentNodeBecomesUnknownAfterTheGracePeriodAndNotBefore() {
    cluster.kubelet.lose(LOST);
    cluster.advance(Duration.ofSeconds(38));
    assertThat(Meta.isTrue(cluster.get(NODES, LOST), "Ready")).isTrue();
    cluster.advance(Duration.ofSeconds(22));
    for (String type : List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")) {
      Struct condition = Meta.condition(cluster.get(NODES, LOST), type);
      assertThat(condition.string("status")).isEqualTo("Unknown");
      assertThat(condition.string("reason")).isEqualTo("NodeStatusUnknown");
      assertThat(condition.string("message")).isEqualTo("Kubelet stopped posting node status.");
    }
    assertThat(taints(LOST))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute");
    assertThat(podsOn(LOST)).hasSize(2).noneMatch(pod -> Meta.isTrue(pod, "Ready"));
    assertThat(cluster.events(LOST))
        .contains("NodeNotReady: Node node-1 status is now: NodeNotReady");
    assertThat(cluster.events(Meta.of(podsOn(LOST).getFirst()).name()))
        .contains("NodeNotReady: Node is not ready");
  }

  @Seeds(3)
  void itsPodsAreTakenOutOfServiceHoweverOftenThatFails(long seed) {
    try (TestCluster other =
        new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.5, 0.3))) {
      other.create(DEPLOYMENTS, Manifests.deployment(12, ""));
      other.settle();
      other.settle();

      other.kubelet.lose(LOST);
      other.advance(Duration.ofSeconds(180));

      assertThat(other.list(PODS))
          .filteredOn(pod -> pod.string("spec", "nodeName").equals(LOST))
          .isNotEmpty()
          .noneMatch(pod -> Meta.isTrue(pod, "Ready"));
    }
  }

  @Test
  void itsPodsAreEvictedWhenTheyNoLongerTolerateThat() {
    cluster.kubelet.lose(LOST);
    cluster.advance(Duration.ofSeconds(60));
    cluster.advance(Duration.ofSeconds(285));
    assertThat(podsOn(LOST)).hasSize(2).noneMatch(pod -> Meta.of(pod).isBeingDeleted());
    cluster.advance(Duration.ofSeconds(20));
    assertThat(podsOn(LOST))
        .hasSize(2)
        .allMatch(pod -> Meta.of(pod).isBeingDeleted())
        .allMatch(
            pod ->
                Meta.condition(pod, "DisruptionTarget")
                    .string("reason")
                    .equals("DeletionByTaintManager"));
    String name = Meta.of(podsOn(LOST).getFirst()).name();
    assertThat(cluster.events(name))
        .contains("TaintManagerEviction: Marking for deletion Pod default/" + name);
    cluster.settle();
    assertThat(cluster.list(PODS)).filteredOn(pod -> Meta.isTrue(pod, "Ready")).hasSize(6);
  }

  @Test
  void aNodeThatComesBackInTimeKeepsItsPods() {
    cluster.kubelet.lose(LOST);
    cluster.advance(Duration.ofSeconds(200));
    String name = Meta.of(podsOn(LOST).getFirst()).name();
    cluster.kubelet.find(LOST);
    cluster.advance(Duration.ofSeconds(400));
    assertThat(taints(LOST)).isEmpty();
    assertThat(podsOn(LOST)).hasSize(2).noneMatch(pod -> Meta.of(pod).isBeingDeleted());
    assertThat(cluster.events(name))
        .contains("TaintManagerEviction: Cancelling deletion of Pod default/" + name);
  }

  @Test
  void whenAllNodesAreLostNoPodIsEvicted() {
    TestKubelet.NODES.forEach(cluster.kubelet::lose);
    cluster.advance(Duration.ofSeconds(900));
    assertThat(taints(LOST)).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
    assertThat(cluster.list(PODS)).hasSize(6).noneMatch(pod -> Meta.of(pod).isBeingDeleted());
  }

  @Test
  void aNodeThatIsNotReadyAndThenSilentChangesItsTaints() {
    cluster.kubelet.lose(LOST);
    cluster.kubelet.report(LOST, "Ready", "False");
    cluster.advance(Duration.ofSeconds(10));
    assertThat(taints(LOST))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute");
    cluster.advance(Duration.ofSeconds(55));
    assertThat(taints(LOST))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute");
  }

  @Test
  void ofSeveralLostNodesOneIsTaintedInTenSeconds() {
    cluster.kubelet.lose("node-1");
    cluster.kubelet.lose("node-2");
    cluster.advance(Duration.ofSeconds(62));
    assertThat(tainted()).isEqualTo(1);
    cluster.advance(Duration.ofSeconds(10));
    assertThat(tainted()).isEqualTo(2);
  }

  private long tainted() {
    return TestKubelet.NODES.stream()
        .filter(node -> taints(node).contains("node.kubernetes.io/unreachable:NoExecute"))
        .count();
  }

  @Test
  void taintsFollowConditions() {
    cluster.kubelet.report(LOST, "MemoryPressure", "True");
    cluster.change(NODES, LOST, node -> node.withAt(true, "spec", "unschedulable"));
    cluster.advance(Duration.ofSeconds(2));
    assertThat(taints(LOST))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/memory-pressure:NoSchedule",
            "node.kubernetes.io/unschedulable:NoSchedule");
    cluster.kubelet.report(LOST, "MemoryPressure", "False");
    cluster.change(NODES, LOST, node -> node.withAt(false, "spec", "unschedulable"));
    cluster.advance(Duration.ofSeconds(2));
    assertThat(taints(LOST)).isEmpty();
  }

  @Test
  void aNodeThatWasNeverHeardOfBecomesUnknownToo() {
    cluster.api.create(NODES, Struct.of("metadata", Struct.of("name", "node-9")));
    cluster.advance(Duration.ofSeconds(50));
    assertThat(taints("node-9")).containsExactly("node.kubernetes.io/not-ready:NoSchedule");
    cluster.advance(Duration.ofSeconds(30));
    assertThat(Meta.condition(cluster.get(NODES, "node-9"), "Ready").string("reason"))
        .isEqualTo("NodeStatusNeverUpdated");
  }

  @Test
  void aTaintThatIsNotToleratedEvictsPodsAtOnce() {
    Struct taint = Struct.of("key", "maintenance", "effect", "NoExecute");
    cluster.change(NODES, LOST, node -> node.withAt(List.of(taint), "spec", "taints"));
    cluster.advance(Duration.ofMillis(500));
    assertThat(podsOn(LOST)).noneMatch(pod -> Meta.isTrue(pod, "Ready"));
  }

  @Test
  void eachPodStaysForAsLongAsItTolerates() {
    for (int seconds : List.of(20, 60)) {
      cluster.create(
          PODS,
          """
          metadata: {name: stays-%d, namespace: default}
          spec:
            nodeName: node-1
            tolerations: [{key: maintenance, operator: Exists, effect: NoExecute, tolerationSeconds: %d}]
            containers: [{name: c, image: i}]
          """
              .formatted(seconds, seconds));
    }
    cluster.settle();
    Struct taint = Struct.of("key", "maintenance", "effect", "NoExecute");
    cluster.change(NODES, LOST, node -> node.withAt(List.of(taint), "spec", "taints"));

    cluster.advance(Duration.ofSeconds(19));
    assertThat(cluster.names(PODS)).contains("stays-20", "stays-60");
    cluster.advance(Duration.ofSeconds(2));
    assertThat(cluster.names(PODS)).doesNotContain("stays-20").contains("stays-60");
    cluster.advance(Duration.ofSeconds(40));
    assertThat(cluster.names(PODS)).doesNotContain("stays-60");
  }

  @Test
  void podsOfANodeThatIsGoneAreDeletedAfterAWhile() {
    cluster.kubelet.lose(LOST);
    cluster.delete(NODES, LOST);
    cluster.advance(Duration.ofSeconds(35));
    assertThat(podsOn(LOST)).hasSize(2);
    cluster.advance(Duration.ofSeconds(60));
    assertThat(podsOn(LOST)).isEmpty();
    assertThat(cluster.list(PODS)).hasSize(6);
  }

  @Test
  void onlyTheNewestPodsThatHaveEndedAreKept() {
    cluster.close();
    ControllerSettings few = ControllerSettings.DEFAULT.withTerminatedPods(2);
    try (TestCluster other = new TestCluster(1, few)) {
      for (int i = 0; i < 5; i++) {
        other.create(PODS, Manifests.pod("job-" + i));
        other.advance(Duration.ofSeconds(3));
        Struct pod = other.get(PODS, "job-" + i);
        other.api.update(PODS, pod.withAt("Succeeded", "status", "phase"), "status");
      }
      other.settle();
      assertThat(other.names(PODS)).containsExactly("job-3", "job-4");
    }
  }

  @Test
  void podsOnANodeThatIsOutOfServiceAreGivenUpAtOnce() {
    cluster.kubelet.lose(LOST);
    cluster.advance(Duration.ofSeconds(60));
    List<String> lost = podsOn(LOST).stream().map(pod -> Meta.of(pod).name()).toList();
    Struct last = podsOn(LOST).getFirst();
    List<Struct> seen = new CopyOnWriteArrayList<>();
    try (var _ =
        cluster.observe(
            PODS,
            pods -> {
              Struct pod = pods.find("default", Meta.of(last).name());
              if (pod != null) {
                seen.add(pod);
              }
            })) {
      Struct taint = Struct.of("key", "node.kubernetes.io/out-of-service", "effect", "NoExecute");
      cluster.change(
          NODES,
          LOST,
          node -> {
            List<Struct> taints = new ArrayList<>(node.structs("spec", "taints"));
            taints.add(taint);
            return node.withAt(List.copyOf(taints), "spec", "taints");
          });
      cluster.advance(Duration.ofSeconds(25));
    }

    assertThat(cluster.names(PODS)).hasSize(6).doesNotContainAnyElementsOf(lost);
    Struct ended = seen.getLast();
    assertThat(ended.string("status", "phase")).isEqualTo("Failed");
    assertThat(Meta.condition(ended, "DisruptionTarget").string("reason"))
        .isEqualTo("DeletionByTaintManager");
  }

  @Test
  void podsThatEndOnANodeThatWorksAreNotGivenUp() {
    List<String> names = podsOn(LOST).stream().map(pod -> Meta.of(pod).name()).toList();
    cluster.kubelet.letEnd(_ -> false);
    Struct taint = Struct.of("key", "node.kubernetes.io/out-of-service", "effect", "NoExecute");
    cluster.change(NODES, LOST, node -> node.withAt(List.of(taint), "spec", "taints"));

    cluster.advance(Duration.ofMinutes(2));

    assertThat(cluster.names(PODS)).containsAll(names);
  }

  @Test
  void aPodOfNoNodeThatIsToEndHasFailed() {
    TestKubelet.NODES.forEach(cluster.kubelet::lose);
    cluster.create(
        PODS, Manifests.pod("stuck").replace("spec:", "spec:\n  schedulerName: other\n"));
    List<String> phases = new CopyOnWriteArrayList<>();
    try (var _ =
        cluster.observe(
            PODS,
            pods -> {
              Struct pod = pods.find("default", "stuck");
              if (pod != null) {
                phases.add(pod.string("status", "phase"));
              }
            })) {
      cluster.change(
          PODS, "stuck", pod -> pod.withAt(List.of("example.com/wait"), "metadata", "finalizers"));
      cluster.delete(PODS, "stuck");
      cluster.advance(Duration.ofSeconds(25));
    }
    assertThat(phases).endsWith("Failed");
  }

  @Test
  void evictedPodsThatHaveEndedGoFirst() {
    cluster.close();
    ControllerSettings few = ControllerSettings.DEFAULT.withTerminatedPods(2);
    try (TestCluster other = new TestCluster(1, few)) {
      for (int i = 0; i < 4; i++) {
        other.create(PODS, Manifests.pod("job-" + i));
        other.advance(Duration.ofSeconds(3));
        Struct ended = other.get(PODS, "job-" + i).withAt("Failed", "status", "phase");
        boolean evicted = i >= 2;
        other.api.update(
            PODS, evicted ? ended.withAt("Evicted", "status", "reason") : ended, "status");
      }
      other.settle();
      assertThat(other.names(PODS)).containsExactly("job-0", "job-1");
    }
  }

  /// Where most of a few nodes are lost Pods stay where they are. Nodes that say nothing about the
  /// others don't count.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nodesMayBeLeftOutOfTheCount(boolean leftOut) {
    for (int i = 0; i < 3; i++) {
      Struct label = Struct.of("node.kubernetes.io/exclude-disruption", "");
      Struct metadata = Struct.of("name", "extra-" + i);
      cluster.api.create(
          NODES, Struct.of("metadata", leftOut ? metadata.with("labels", label) : metadata));
    }
    cluster.kubelet.lose(LOST);
    cluster.advance(Duration.ofMinutes(3)); // 4 of 6 are lost, or 1 of 3

    assertThat(taints(LOST).contains("node.kubernetes.io/unreachable:NoExecute"))
        .isEqualTo(leftOut);
  }

  @Test
  void nodesAreToldHowLongTheyMayKeepWhatTheyRead() {
    assertThat(ttl(LOST)).isEqualTo("0");
    for (int i = 0; i < 98; i++) {
      cluster.api.create(NODES, Struct.of("metadata", Struct.of("name", "extra-" + i)));
    }
    cluster.advance(Duration.ofSeconds(5));
    assertThat(ttl(LOST)).isEqualTo("15");

    cluster.change(NODES, LOST, node -> node.withoutAt("metadata", "annotations"));
    cluster.advance(Duration.ofSeconds(1));
    assertThat(ttl(LOST)).isEqualTo("15");
    for (int i = 0; i < 12; i++) {
      cluster.delete(NODES, "extra-" + i);
    }
    cluster.advance(Duration.ofSeconds(5));
    assertThat(ttl(LOST)).isEqualTo("0");
  }

  private String ttl(String node) {
    return Meta.of(cluster.get(NODES, node)).annotation("node.alpha.kubernetes.io/ttl");
  }
}
