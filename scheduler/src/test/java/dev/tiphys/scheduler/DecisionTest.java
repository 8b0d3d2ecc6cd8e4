package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.scheduler.decisions.NodeDecision;
import dev.tiphys.scheduler.decisions.Remedy;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static List<String> texts(Decision decision) {
    return decision.smallestChange().orElseThrow().remedies().stream().map(Remedy::text).toList();
  }

  @Test
  void allVerdictsAreToldNotOnlyTheFirst() {
    cluster.nodes(1);
    cluster.taint("node-0", "{'key':'only','value':'gpu','effect':'NoSchedule'}");
    cluster.podWithCpu("web", "5", "'nodeSelector':{'disk':'ssd'}");
    cluster.settle();

    Decision decision = cluster.why("web");
    assertThat(decision.state()).isEqualTo("Unschedulable");
    assertThat(decision.attempts()).isEqualTo(1);
    assertThat(decision.plugins()).containsExactly("TaintToleration");
    assertThat(decision.nodes().getFirst().refusals().stream().map(NodeDecision.Verdict::plugin))
        .containsExactly("TaintToleration", "NodeAffinity", "NodeResourcesFit");
    assertThat(texts(decision))
        .containsExactly(
            "let the pod tolerate the taint only=gpu:NoSchedule, or take it off node node-0",
            "label node node-0 with disk=ssd",
            "free 1 of cpu on node node-0, or ask for as much less");
  }

  @Test
  void theSmallestChangeIsThatOfTheNearestNode() {
    cluster.nodes(2);
    cluster.podWithCpu("first", "3", "'nodeSelector':{'kubernetes.io/hostname':'node-0'}");
    cluster.podWithCpu("second", "2", "'nodeSelector':{'kubernetes.io/hostname':'node-1'}");
    cluster.settle();
    cluster.podWithCpu("web", "2500m", "");
    cluster.settle();

    assertThat(texts(cluster.why("web")))
        .containsExactly("free 500m of cpu on node node-1, or ask for as much less");
  }

  @Test
  void aPodThatHasItsNodeIsLookedAtAsIfItHadNone() {
    cluster.nodes(1);
    cluster.podWithCpu("web", "3", "");
    cluster.settle();

    Decision decision = cluster.why("web");
    assertThat(decision.state()).isEqualTo("Scheduled");
    assertThat(decision.nodes().getFirst().feasible()).isTrue();
    assertThat(decision.nodes().getFirst().total()).isPositive();
    assertThat(decision.smallestChange()).isEmpty();
    cluster.podWithCpu("next", "3", "");
    cluster.settle();
    assertThat(cluster.nodeOf("next")).as("the room is still taken").isEmpty();
  }

  @Test
  void gatesAreTold() {
    cluster.nodes(1);
    cluster.pod("web", "'schedulingGates':[{'name':'a/b'}]");
    cluster.settle();

    assertThat(cluster.why("web").state()).isEqualTo("Gated");
    assertThat(cluster.why("web").plugins()).containsExactly("SchedulingGates");
  }

  @Test
  void jsonHasAllOfIt() {
    cluster.nodes(1);
    cluster.taint("node-0", "{'key':'a','effect':'NoSchedule'}");
    cluster.pod("web", "");
    cluster.settle();

    Struct tree = cluster.why("web").tree();
    Struct node = tree.structs("nodes").getFirst();
    assertThat(node.structs("filters"))
        .filteredOn(filter -> !filter.bool("passed"))
        .containsExactly(
            json(
                "{'plugin':'TaintToleration','passed':false,'resolvable':false,'reasons':"
                    + "['node(s) had untolerated taint(s)']}"));
    Struct change = tree.struct("smallestChange");
    assertThat(change.string("node")).isEqualTo("node-0");
    assertThat(change.structs("changes").getFirst().string("kind")).isEqualTo("taint");
  }

  @Test
  void theLastTryOfAPodThatWasPlacedIsKeptWithWhatTheNextBestNodeGot() {
    cluster.nodes(3);
    cluster.taint("node-2", "{'key':'a','effect':'NoSchedule'}");
    cluster.podWithCpu("busy", "2", "'nodeSelector':{'kubernetes.io/hostname':'node-0'}");
    cluster.settle();
    cluster.podWithCpu("web", "1", "");
    cluster.settle();
    Struct last = cluster.why("web").tree().struct("last");
    // What happens later does not change what was decided.
    cluster.podWithCpu("late", "3", "'nodeSelector':{'kubernetes.io/hostname':'node-1'}");
    cluster.settle();

    assertThat(cluster.why("web").tree().struct("last")).isEqualTo(last);
    assertThat(last.string("result")).isEqualTo("Scheduled");
    assertThat(last.string("node")).isEqualTo("node-1");
    assertThat(last.integer("number")).isEqualTo(1);
    assertThat(last.integer("feasible")).isEqualTo(2);
    assertThat(last.integer("nodeCount")).isEqualTo(3);
    List<Struct> ranking = last.structs("ranking");
    assertThat(ranking).extracting(node -> node.string("name")).containsExactly("node-1", "node-0");
    assertThat(ranking.getFirst().integer("score")).isGreaterThan(ranking.get(1).integer("score"));
    assertThat(ranking.getFirst().structs("scores"))
        .extracting(score -> score.string("plugin"))
        .contains("NodeResourcesFit", "NodeResourcesBalancedAllocation", "TaintToleration");
  }

  /// The scores that were kept are those that every plugin is asked for anew.
  @Test
  void theScoresOfTheLastTryAreThoseOfThePlugins() {
    cluster.nodes(2);
    cluster.taint("node-1", "{'key':'a','effect':'PreferNoSchedule'}");
    cluster.podWithCpu(
        "web",
        "1",
        "'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':"
            + "[{'weight':3,'preference':{'matchExpressions':[{'key':'kubernetes.io/hostname',"
            + "'operator':'In','values':['node-0']}]}}]}}");
    cluster.settle();

    Struct tree = cluster.why("web").tree();
    for (Struct ranked : tree.struct("last").structs("ranking")) {
      Struct now =
          tree.structs("nodes").stream()
              .filter(node -> node.string("name").equals(ranked.string("name")))
              .findAny()
              .orElseThrow();
      assertThat(now.structs("scores")).containsAll(ranked.structs("scores"));
      assertThat(now.integer("score")).isEqualTo(ranked.integer("score"));
    }
  }

  @Test
  void theLastTryOfAPodThatFitsNowhereIsKept() {
    cluster.nodes(3);
    cluster.taint("node-2", "{'key':'a','effect':'NoSchedule'}");
    cluster.podWithCpu("web", "5", "");
    cluster.settle();
    Struct last = cluster.why("web").tree().struct("last");
    cluster.taint("node-2", "");

    assertThat(last.string("result")).isEqualTo("Unschedulable");
    assertThat(last.string("message")).isEqualTo(cluster.reason("web"));
    assertThat(last.structs("refusals"))
        .containsExactlyInAnyOrder(
            json(
                "{'plugin':'TaintToleration','reasons':['node(s) had untolerated taint(s)'],"
                    + "'resolvable':false,'count':1}"),
            json(
                "{'plugin':'NodeResourcesFit','reasons':['Insufficient cpu'],"
                    + "'resolvable':false,'count':2}"));
  }

  @Test
  void theLastTrySaysOfEachNodeWhatDecided() {
    cluster.nodes(3);
    cluster.taint("node-2", "{'key':'a','effect':'NoSchedule'}");
    cluster.podWithCpu("web", "1", "");
    cluster.settle();
    List<Struct> nodes = cluster.why("web").tree().struct("last").structs("nodes");

    assertThat(nodes).extracting(node -> node.bool("feasible")).containsExactly(true, true, false);
    assertThat(nodes.get(2).structs("filters"))
        .containsExactly(
            json(
                "{'plugin':'TaintToleration','passed':false,'reasons':"
                    + "['node(s) had untolerated taint(s)'],'resolvable':false}"));
    assertThat(nodes.getFirst().structs("scores")).hasSizeGreaterThan(2);
    assertThat(nodes.getFirst().integer("score")).isPositive();
    assertThat(cluster.why("web").tree().struct("last").has("afterwards")).isFalse();
  }

  @Test
  void noNamesAreCut() {
    cluster.nodes(300);
    cluster.podWithCpu("web", "5", "");
    cluster.settle();

    assertThat(cluster.why("web").tree().struct("last").structs("nodes")).hasSize(300);
  }

  @Test
  void whatElseStoodAgainstAPodIsWorkedOutAfterTheTryWithTheSmallestChange() {
    cluster.nodes(2);
    cluster.taint("node-0", "{'key':'a','effect':'NoSchedule'}");
    cluster.podWithCpu("web", "5", "");
    cluster.settle();
    Struct last = cluster.why("web").tree().struct("last");
    // What happens to the node later does not change what was found then.
    cluster.podWithCpu("late", "1", "'nodeSelector':{'kubernetes.io/hostname':'node-1'}");
    cluster.settle();

    assertThat(cluster.why("web").tree().struct("last")).isEqualTo(last);
    Struct afterwards = last.struct("afterwards");
    assertThat(afterwards.bool("clusterChanged")).isFalse();
    assertThat(afterwards.structs("nodes").getFirst().structs("filters"))
        .extracting(filter -> filter.string("plugin"))
        .containsExactly("TaintToleration", "NodeResourcesFit");
    assertThat(afterwards.struct("smallestChange").string("node")).isEqualTo("node-1");
    assertThat(afterwards.struct("smallestChange").structs("changes"))
        .extracting(change -> change.string("kind"))
        .containsExactly("resource");
  }

  @Test
  void whetherTheClusterHadChangedInBetweenIsSaid() {
    cluster.nodes(1);
    cluster.podWithCpu("large", "5", "");
    cluster.settle();
    assertThat(changedInBetween("large")).isFalse();

    cluster.podWithCpu("web", "5", "");
    cluster.podWithCpu("small", "1", "");
    cluster.settle();
    assertThat(changedInBetween("web")).isTrue();
  }

  private boolean changedInBetween(String pod) {
    return cluster.why(pod).tree().struct("last").struct("afterwards").bool("clusterChanged");
  }

  @Test
  void whoLeavesForAPodIsKept() {
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES, json("{'metadata':{'name':'high'},'value':1000}"));
    cluster.nodes(1);
    cluster.podWithCpu("low", "3", "");
    cluster.settle();
    cluster.podWithCpu("web", "3", "'priorityClassName':'high'");
    cluster.settle();

    assertThat(cluster.why("web").tree().struct("last").struct("preemption"))
        .isEqualTo(json("{'node':'node-0','victims':['default/low']}"));
  }

  @Test
  void aPodThatWasNotTriedByThisSchedulerHasNoLastTry() {
    cluster.nodes(1);
    cluster.pod("web", "");
    cluster.settle();
    cluster.restart();
    cluster.settle();

    assertThat(cluster.why("web").tree().has("last")).isFalse();
  }

  /// A Pod that does not fit, and what would have to be done, as the change says.
  record Case(String name, Consumer<TestCluster> before, Consumer<TestCluster> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "taint",
            c -> {
              c.taint("node-0", "{'key':'a','effect':'NoSchedule'}");
              c.pod("web", "");
            },
            c -> c.taint("node-0", "")),
        new Case(
            "label",
            c -> c.pod("web", "'nodeSelector':{'disk':'ssd'}"),
            c -> {
              Struct change = c.why("web").tree().struct("smallestChange");
              Struct label = change.structs("changes").getFirst();
              Struct node = c.api.get(ApiResource.NODES, "", change.string("node"));
              c.api.update(
                  ApiResource.NODES,
                  node.withAt(
                      label.strings("values").getFirst(),
                      "metadata",
                      "labels",
                      label.string("key")));
            }),
        new Case(
            "resource",
            c -> {
              c.podWithCpu("half", "1500m", "");
              c.podWithCpu("other", "1", "");
              c.settle();
              c.podWithCpu("web", "2500m", "");
            },
            c -> c.delete("other")),
        new Case(
            "cordon",
            c -> {
              Struct node = c.api.get(ApiResource.NODES, "", "node-0");
              c.api.update(ApiResource.NODES, node.withAt(true, "spec", "unschedulable"));
              c.pod("web", "");
            },
            c -> {
              Struct node = c.api.get(ApiResource.NODES, "", "node-0");
              c.api.update(ApiResource.NODES, node.withoutAt("spec", "unschedulable"));
            }));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsSuggestedHelps(Case each) {
    cluster.nodes(1);
    each.before.accept(cluster);
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEmpty();
    assertThat(cluster.why("web").smallestChange().orElseThrow().remedies())
        .singleElement()
        .satisfies(remedy -> assertThat(remedy.kind()).isEqualTo(each.name));

    each.change.accept(cluster);
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }
}
