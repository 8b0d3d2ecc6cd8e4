package dev.tiphys.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.evaluation.Evaluation;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the arguments of plugins change.
class PluginArgumentsTest {

  private static final String HALF =
      "'containers':[{'resources':{'requests':{'cpu':'2','memory':'2Gi'}}}]";

  private final Fixture fixture = new Fixture();

  private static String config(String plugin, String arguments) {
    return "pluginConfig: [{name: " + plugin + ", args: {" + arguments + "}}]";
  }

  private long score(String plugin, String arguments, PodInfo pod, NodeInfo node) {
    ScorePlugin found =
        (ScorePlugin)
            fixture.profile(config(plugin, arguments)).plugins().stream()
                .filter(each -> each.name().equals(plugin))
                .findFirst()
                .orElseThrow();
    return ((Score.Absolute) found.score(pod.template())).score(node);
  }

  private String message(PodInfo pod, String profile) {
    Evaluation evaluation = fixture.evaluation(pod, profile);
    Slots found = evaluation.feasible(fixture.state, pod, fixture.nominations);
    return found.isEmpty()
        ? evaluation.diagnosis(pod, fixture.nominations).message(fixture.cluster.nodes().size())
        : "fits";
  }

  private String best(PodInfo pod, String profile) {
    Evaluation evaluation = fixture.evaluation(pod, profile);
    evaluation.feasible(fixture.state, pod, fixture.nominations);
    return fixture
        .cluster
        .nodeAt(evaluation.best(fixture.state, pod, new SplittableRandom(1)))
        .name();
  }

  /// A Pod of 2 CPUs and 2 GiB on an empty node of 4 CPUs and 8 GiB.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type: LeastAllocated | 62",
        "type: MostAllocated | 37",
        "type: MostAllocated, resources: [{name: cpu}] | 50",
        "type: LeastAllocated, resources: [{name: cpu, weight: 3}, {name: memory, weight: 1}] | 56",
        // A resource that the Pod does not ask for does not count.
        "type: LeastAllocated, resources: [{name: cpu}, {name: gpu/a, weight: 9}] | 50",
        // From 0 at nothing to 100 at all: 50 and 25.
        "type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 0, score:"
            + " 0}, {utilization: 100, score: 10}]} | 38",
        // What scores nothing does not count at all.
        "type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 25, score:"
            + " 0}, {utilization: 50, score: 8}]} | 80",
      })
  void nodesAreScoredByStrategy(String strategy, long expected) {
    NodeInfo node = fixture.node("n");

    assertThat(
            score(
                "NodeResourcesFit",
                "scoringStrategy: {" + strategy + "}",
                fixture.pod("", HALF),
                node))
        .isEqualTo(expected);
  }

  @Test
  void ignoredResourcesAreNotCounted() {
    fixture.node("n");
    PodInfo pod =
        fixture.pod(
            "", "'containers':[{'resources':{'requests':{'a.example/x':'9','b.example/y':'9'}}}]");

    assertThat(message(pod, ""))
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient a.example/x, 1 Insufficient b.example/y.");
    assertThat(message(pod, config("NodeResourcesFit", "ignoredResources: [a.example/x]")))
        .isEqualTo("0/1 nodes are available: 1 Insufficient b.example/y.");
    assertThat(
            message(
                pod, config("NodeResourcesFit", "ignoredResourceGroups: [a.example, b.example]")))
        .isEqualTo("fits");
  }

  @Test
  void theBalanceCanBeOfOtherResources() {
    NodeInfo node = fixture.node("n");
    PodInfo pod =
        fixture.pod("", "'containers':[{'resources':{'requests':{'cpu':'2','gpu/a':'2'}}}]");

    // Before all is even; then a half of the CPU and all of the devices: 75.
    assertThat(
            score(
                "NodeResourcesBalancedAllocation",
                "resources: [{name: cpu}, {name: gpu/a}]",
                pod,
                node))
        .isEqualTo(50 + (50 + 75 - 100) / 2);
    // Of three resources the deviation counts: 0.5, 0 and 1 deviate by 0.408 from 0.5.
    assertThat(
            score(
                "NodeResourcesBalancedAllocation",
                "resources: [{name: cpu}, {name: memory}, {name: gpu/a}]",
                pod,
                node))
        .isEqualTo(50 + (50 + 59 - 100) / 2);
  }

  @Test
  void anAffinityCanBeAddedToAllPods() {
    fixture.node("a", "'disk':'ssd'", "");
    fixture.node("b", "'disk':'tape','fast':'yes'", "");
    String added =
        config(
            "NodeAffinity",
            "addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:"
                + " [{matchExpressions: [{key: disk, operator: In, values: [nvme]}]}]}}");
    String preferred =
        config(
            "NodeAffinity",
            "addedAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5,"
                + " preference: {matchExpressions: [{key: fast, operator: Exists}]}}]}");
    fixture.placed("b", "", "'containers':[{'resources':{'requests':{'cpu':'1'}}}]");

    assertThat(message(fixture.pod("", ""), added))
        .isEqualTo(
            "0/2 nodes are available: 2 node(s) didn't match scheduler-enforced node affinity.");
    assertThat(best(fixture.pod("", ""), "")).isEqualTo("a");
    assertThat(best(fixture.pod("", ""), preferred)).isEqualTo("b");
  }

  @Test
  void theDemandsAndWishesOfOthersCountAsMuchAsIsSaid() {
    fixture.node("a", "'zone':'a'", "");
    fixture.node("b", "'zone':'b'", "");
    String term = "{'topologyKey':'zone','labelSelector':{'matchLabels':{'app':'web'}}}";
    fixture.placed(
        "a",
        "",
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':["
            + term
            + "]}}");
    fixture.placed(
        "b",
        "",
        "'affinity':{'podAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':"
            + "[{'weight':50,'podAffinityTerm':"
            + term
            + "}]}}");
    PodInfo web = fixture.pod("'app':'web'", "");

    assertThat(best(web, "")).isEqualTo("b");
    assertThat(best(web, config("InterPodAffinity", "hardPodAffinityWeight: 100"))).isEqualTo("a");
    assertThat(best(web, config("InterPodAffinity", "ignorePreferredTermsOfExistingPods: true")))
        .isEqualTo("a");
  }
}
