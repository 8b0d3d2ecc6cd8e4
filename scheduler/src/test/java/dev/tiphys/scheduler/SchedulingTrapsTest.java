package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What other schedulers fell into, and what this one does.
///
/// | trap | test |
/// | --- | --- |
/// | a Pod waits for a node that was cleared for it and can't take it any more | [PreemptionTest], `aPodDoesNotWaitForANodeThatCanNotTakeIt` |
/// | a Pod that has changed itself sleeps for five minutes | [QueueingHintTest], one case for each change |
/// | the first Pod of a group with affinity to itself never starts, as others match some of its terms | `thoseThatMatchOneOfTwoTermsDoNotCount` |
/// | a gate that is gone leaves no time of transition | [QueueingHintTest], `gatesThatAreGoneLeaveATraceInTheCondition`, and [SchedulerTest] |
/// | old and new Pods are spread together, so that new ones end up on one node | `eachRolloutIsSpreadByItself`, `whatIsUnevenIsNotRepaired` |
class SchedulingTrapsTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String term(String label) {
    return "{'topologyKey':'kubernetes.io/hostname','labelSelector':{'matchLabels':{'"
        + label
        + "':'x'}}}";
  }

  @Test
  void thoseThatMatchOneOfTwoTermsDoNotCount() {
    cluster.nodes(2);
    cluster.pod("other", "'a':'x'", "");
    cluster.settle();
    String affinity =
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':["
            + term("a")
            + ","
            + term("b")
            + "]}}";
    cluster.pod("first", "'a':'x','b':'x'", affinity);
    cluster.settle();
    assertThat(cluster.nodeOf("first")).isNotEmpty();

    cluster.pod("second", "'a':'x','b':'x'", affinity);
    cluster.settle();
    assertThat(cluster.nodeOf("second")).isEqualTo(cluster.nodeOf("first"));
  }

  private static String spread(String more) {
    return "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'kubernetes.io/hostname',"
        + "'whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'web'}}"
        + more
        + "}]";
  }

  /// As a Deployment does it that may have one Pod more than it wants.
  private void rollOut(int rollout, String constraint) {
    for (int i = 0; i < 3; i++) {
      cluster.pod(
          "web-" + rollout + "-" + i,
          "'app':'web','pod-template-hash':'" + rollout + "'",
          constraint);
      cluster.settle();
      if (rollout > 0) {
        cluster.delete("web-" + (rollout - 1) + "-" + i);
        cluster.settle();
      }
    }
  }

  private List<String> nodesOf(int rollout) {
    return IntStream.range(0, 3).mapToObj(i -> cluster.nodeOf("web-" + rollout + "-" + i)).toList();
  }

  @Test
  void eachRolloutIsSpreadByItself() {
    cluster.nodes(3);
    for (int rollout = 0; rollout <= 5; rollout++) {
      rollOut(rollout, spread(",'matchLabelKeys':['pod-template-hash']"));
      assertThat(nodesOf(rollout))
          .as("rollout %d", rollout)
          .containsExactlyInAnyOrder("node-0", "node-1", "node-2");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void whatIsUnevenIsNotRepaired(int rollouts) {
    cluster.nodes(3);
    for (int rollout = 0; rollout <= rollouts; rollout++) {
      rollOut(rollout, spread(""));
    }
    List<String> nodes = nodesOf(rollouts);
    assertThat(nodes).doesNotContain("");
    cluster.world.advance(Duration.ofMinutes(11));

    assertThat(nodesOf(rollouts)).isEqualTo(nodes);
    assertThat(cluster.api.list(ApiResource.PODS, "default", ListOptions.ALL).items())
        .extracting(pod -> pod.string("metadata", "deletionTimestamp"))
        .containsOnly("");
  }

  /// Nothing else happens in the cluster, so that only the Pod's own change can help it.
  @Test
  void aPodThatIsGivenATolerationIsTriedAgainAtOnce() {
    cluster.nodes(1);
    Struct node = cluster.api.get(ApiResource.NODES, "", "node-0");
    cluster.api.update(ApiResource.NODES, node.withAt(true, "spec", "unschedulable"));
    cluster.settle();
    cluster.pod("web", "");
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEmpty();

    Struct web = cluster.find("web");
    List<Object> tolerations = new ArrayList<>(web.list("spec", "tolerations"));
    tolerations.add(Struct.of("key", "node.kubernetes.io/unschedulable", "operator", "Exists"));
    cluster.api.update(ApiResource.PODS, web.withAt(tolerations, "spec", "tolerations"));
    cluster.world.advance(Duration.ofSeconds(11));

    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }
}
