package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void theDeletionOfANodeWakesPodsThatItsDomainKeptWaiting() {
    cluster.node("a", "'zone':'a'");
    cluster.node("b", "'zone':'b'");
    String spread =
        "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone',"
            + "'whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'web'}}}]";
    Struct b = cluster.api.get(ApiResource.NODES, "", "b");
    cluster.api.update(ApiResource.NODES, b.withAt(true, "spec", "unschedulable"));
    cluster.settle();
    cluster.pod("first", "'app':'web'", spread);
    cluster.settle();
    cluster.pod("second", "'app':'web'", spread);
    cluster.settle();
    assertThat(cluster.nodeOf("first")).isEqualTo("a");
    assertThat(cluster.nodeOf("second")).isEmpty();

    cluster.api.delete(ApiResource.NODES, "", "b", DeleteOptions.DEFAULT);
    cluster.settle();

    assertThat(cluster.nodeOf("second")).isEqualTo("a");
  }

  @Nested
  class Placing {
    @Test
    void bindsAPodToTheOnlyNode() {
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
      assertThat(Meta.isTrue(cluster.find("web"), "PodScheduled")).isTrue();
      assertThat(cluster.events("web"))
          .containsExactly("Scheduled: Successfully assigned default/web to node-0");
    }

    @Test
    void prefersTheNodeWithMostRoom() {
      cluster.nodes(2);
      cluster.podWithCpu("first", "2", "");
      cluster.settle();
      cluster.podWithCpu("second", "2", "");
      cluster.settle();

      assertThat(cluster.nodeOf("second")).isNotEqualTo(cluster.nodeOf("first"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void spreadsPodsEvenlyInAnyOrderOfEvents(long seed) {
      try (TestCluster seeded = new TestCluster(seed)) {
        seeded.nodes(5);
        IntStream.range(0, 50).forEach(i -> seeded.podWithCpu("web-" + i, "100m", ""));
        seeded.settle();

        Map<String, Integer> counts = new HashMap<>();
        IntStream.range(0, 50)
            .forEach(i -> counts.merge(seeded.nodeOf("web-" + i), 1, Integer::sum));
        assertThat(counts.values()).containsOnly(10);
      }
    }

    @Test
    void leavesPodsOfOtherSchedulersAlone() {
      cluster.nodes(1);
      cluster.pod("theirs", "'schedulerName':'other'");
      cluster.settle();

      assertThat(cluster.nodeOf("theirs")).isEmpty();
      assertThat(cluster.reason("theirs")).isEmpty();
    }

    @Test
    void doesNotOvercommitANodeWhileBindingsAreOnTheirWay() {
      cluster.nodes(1);
      IntStream.range(0, 6).forEach(i -> cluster.podWithCpu("web-" + i, "1", ""));
      cluster.settle();

      assertThat(IntStream.range(0, 6).filter(i -> !cluster.nodeOf("web-" + i).isEmpty()).count())
          .isEqualTo(4);
    }

    @Test
    void countsWhatFinishedPodsTookAsFree() {
      cluster.nodes(1);
      cluster.podWithCpu("done", "4", "");
      cluster.settle();
      Struct done = cluster.find("done");
      cluster.api.update(ApiResource.PODS, done.withAt("Succeeded", "status", "phase"), "status");
      cluster.podWithCpu("next", "4", "");
      cluster.settle();

      assertThat(cluster.nodeOf("next")).isEqualTo("node-0");
    }
  }

  @Nested
  class Waiting {
    @Test
    void saysThatThereAreNoNodes() {
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.reason("web")).isEqualTo("no nodes available to schedule pods");
      assertThat(cluster.events("web"))
          .containsExactly("FailedScheduling: no nodes available to schedule pods");
    }

    @Test
    void schedulesAPodOnceANodeComes() {
      cluster.pod("web", "");
      cluster.settle();
      cluster.nodes(1);
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
    }

    @Test
    void saysWhyNoNodeWillDo() {
      cluster.nodes(3);
      cluster.taint("node-0", "{'key':'only','value':'gpu','effect':'NoSchedule'}");
      cluster.podWithCpu("a", "3", "");
      cluster.podWithCpu("b", "3", "");
      cluster.settle();
      cluster.podWithCpu("web", "3", "");
      cluster.settle();

      assertThat(cluster.reason("web"))
          .isEqualTo(
              "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no"
                  + " new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption"
                  + " is not helpful for scheduling, 2 No preemption victims found for incoming"
                  + " pod.");
      Struct condition = Meta.condition(cluster.find("web"), "PodScheduled");
      assertThat(condition.string("reason")).isEqualTo("Unschedulable");
      assertThat(cluster.find("web").has("status", "nominatedNodeName")).isFalse();
    }

    @Test
    void takesTheRoomThatAnotherPodLeaves() {
      cluster.nodes(1);
      cluster.podWithCpu("first", "3", "");
      cluster.settle();
      cluster.podWithCpu("second", "3", "");
      cluster.settle();
      assertThat(cluster.nodeOf("second")).isEmpty();
      cluster.delete("first");
      cluster.settle();

      assertThat(cluster.nodeOf("second")).isEqualTo("node-0");
    }

    @Test
    void waitsUntilATaintIsTakenAway() {
      cluster.nodes(1);
      cluster.taint("node-0", "{'key':'broken','effect':'NoSchedule'}");
      cluster.pod("web", "");
      cluster.settle();
      assertThat(cluster.nodeOf("web")).isEmpty();
      cluster.taint("node-0", "");
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
    }

    @Test
    void isHeldBackByGates() {
      cluster.nodes(1);
      cluster.pod("web", "'schedulingGates':[{'name':'a.example/b'}]");
      cluster.settle();
      assertThat(cluster.nodeOf("web")).isEmpty();
      assertThat(cluster.events("web")).isEmpty();
      Struct gated = cluster.find("web");
      assertThat(Meta.condition(gated, "PodScheduled").string("reason"))
          .isEqualTo("SchedulingGated");
      cluster.api.update(ApiResource.PODS, gated.withoutAt("spec", "schedulingGates"));
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
    }

    @Test
    void givesTheRoomToTheMostImportantPod() {
      priority("high", 1000);
      cluster.podWithCpu("low", "3", "");
      cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
      cluster.nodes(1);
      cluster.settle();

      assertThat(cluster.nodeOf("high")).isEqualTo("node-0");
      assertThat(cluster.nodeOf("low")).isEmpty();
    }
  }

  private void priority(String name, int value) {
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES,
        json("{'metadata':{'name':'" + name + "'},'value':" + value + "}"));
  }

  @Nested
  class Constraints {
    @Test
    void keepToNodeSelectors() {
      cluster.nodes(3);
      cluster.node("fast", "'disk':'ssd'");
      cluster.pod("web", "'nodeSelector':{'disk':'ssd'}");
      cluster.pod("none", "'nodeSelector':{'disk':'tape'}");
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("fast");
      assertThat(cluster.reason("none"))
          .startsWith(
              "0/4 nodes are available: 4 node(s) didn't match Pod's node affinity/selector.");
    }

    @Test
    void keepToTheNameOfANode() {
      cluster.nodes(3);
      String affinity =
          "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
              + "{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In',"
              + "'values':['%s']}]}]}}}";
      cluster.pod("web", affinity.formatted("node-1"));
      cluster.pod("none", affinity.formatted("node-7"));
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
      assertThat(cluster.reason("none"))
          .startsWith(
              "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity].");
    }

    @Test
    void giveAHostPortToOnePodOnly() {
      cluster.nodes(1);
      String ports =
          "{'metadata':{'name':'%s','namespace':'default'},'spec':{'containers':[{'name':'main',"
              + "'image':'nginx','ports':[{'containerPort':80,'hostPort':80}]}]}}";
      cluster.api.create(ApiResource.PODS, json(ports.formatted("first")));
      cluster.settle();
      cluster.api.create(ApiResource.PODS, json(ports.formatted("second")));
      cluster.settle();

      assertThat(cluster.nodeOf("first")).isEqualTo("node-0");
      assertThat(cluster.reason("second"))
          .startsWith(
              "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod"
                  + " ports.");
      cluster.delete("first");
      cluster.settle();
      assertThat(cluster.nodeOf("second")).isEqualTo("node-0");
    }

    @Test
    void keepPodsApartThatDoNotWantEachOther() {
      cluster.nodes(3);
      String apart =
          "'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
              + "[{'labelSelector':{'matchLabels':{'app':'db'}},"
              + "'topologyKey':'kubernetes.io/hostname'}]}}";
      IntStream.range(0, 4).forEach(i -> cluster.pod("db-" + i, "'app':'db'", apart));
      cluster.settle();

      TreeSet<String> nodes = new TreeSet<>();
      IntStream.range(0, 4).forEach(i -> nodes.add(cluster.nodeOf("db-" + i)));
      assertThat(nodes).containsExactly("", "node-0", "node-1", "node-2");
      String waiting =
          IntStream.range(0, 4)
              .mapToObj(i -> "db-" + i)
              .filter(pod -> cluster.nodeOf(pod).isEmpty())
              .findFirst()
              .orElseThrow();
      assertThat(cluster.reason(waiting))
          .startsWith("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.");
    }

    @Test
    void putPodsNearThoseTheyWantNear() {
      cluster.node("a1", "'zone':'a'");
      cluster.node("a2", "'zone':'a'");
      cluster.node("b1", "'zone':'b'");
      cluster.pod("db", "'app':'db'", "'nodeSelector':{'zone':'b'}");
      cluster.settle();
      cluster.pod(
          "web",
          "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
              + "[{'labelSelector':{'matchLabels':{'app':'db'}},'topologyKey':'zone'}]}}");
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("b1");
    }

    @Test
    void spreadPodsOverZones() {
      IntStream.range(0, 3).forEach(i -> cluster.node("a" + i, "'zone':'a'"));
      cluster.node("b0", "'zone':'b'");
      String spread =
          "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone','whenUnsatisfiable':"
              + "'DoNotSchedule','labelSelector':{'matchLabels':{'app':'web'}}}]";
      IntStream.range(0, 8).forEach(i -> cluster.pod("web-" + i, "'app':'web'", spread));
      cluster.settle();

      assertThat(IntStream.range(0, 8).filter(i -> cluster.nodeOf("web-" + i).equals("b0")).count())
          .isEqualTo(4);
    }

    @Test
    void spreadPodsOfAServiceByDefault() {
      cluster.nodes(4);
      cluster.api.create(
          ApiResource.SERVICES,
          json(
              "{'metadata':{'name':'web','namespace':'default'},'spec':{'selector':{'app':'web'},"
                  + "'ports':[{'port':80}]}}"));
      cluster.settle();
      // Other Pods make node-0 the least loaded one by far.
      IntStream.range(1, 4)
          .forEach(
              i ->
                  cluster.podWithCpu(
                      "big-" + i,
                      "500m",
                      "'nodeSelector':{'kubernetes.io/hostname':'node-" + i + "'}"));
      cluster.settle();
      IntStream.range(0, 4).forEach(i -> cluster.pod("web-" + i, "'app':'web'", ""));
      cluster.settle();

      TreeSet<String> nodes = new TreeSet<>();
      IntStream.range(0, 4).forEach(i -> nodes.add(cluster.nodeOf("web-" + i)));
      assertThat(nodes).hasSize(4);
    }
  }

  @Nested
  class Preempting {
    @Test
    void sendsLessImportantPodsAway() {
      priority("high", 1000);
      cluster.nodes(2);
      cluster.podWithCpu("low-0", "3", "");
      cluster.podWithCpu("low-1", "3", "");
      cluster.settle();
      cluster.world.advance(Duration.ofSeconds(1));
      cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
      cluster.world.advance(Duration.ofMillis(500));

      String node = cluster.find("high").string("status", "nominatedNodeName");
      assertThat(node).startsWith("node-");
      assertThat(cluster.reason("high")).isEqualTo("0/2 nodes are available: 2 Insufficient cpu.");
      String victim = cluster.nodeOf("low-0").equals(node) ? "low-0" : "low-1";
      Struct leaving = cluster.find(victim);
      assertThat(Meta.of(leaving).isBeingDeleted()).isTrue();
      assertThat(Meta.condition(leaving, "DisruptionTarget").string("reason"))
          .isEqualTo("PreemptionByScheduler");
      assertThat(cluster.events(victim))
          .contains(
              "Preempted: Preempted by pod "
                  + Meta.of(cluster.find("high")).uid()
                  + " on node "
                  + node);

      // No less important Pod takes the room that is being made.
      cluster.podWithCpu("other", "2", "");
      cluster.delete(victim);
      cluster.settle();
      assertThat(cluster.nodeOf("high")).isEqualTo(node);
      assertThat(cluster.nodeOf("other")).isEmpty();
    }

    @Test
    void takesNoMorePodsThanItMust() {
      priority("high", 1000);
      cluster.nodes(1);
      IntStream.range(0, 4).forEach(i -> cluster.podWithCpu("low-" + i, "1", ""));
      cluster.settle();
      cluster.podWithCpu("high", "2", "'priorityClassName':'high'");
      cluster.settle();

      assertThat(
              IntStream.range(0, 4)
                  .filter(i -> Meta.of(cluster.find("low-" + i)).isBeingDeleted())
                  .count())
          .isEqualTo(2);
    }

    @Test
    void isForbiddenByThePolicyNever() {
      cluster.api.create(
          ApiResource.PRIORITY_CLASSES,
          json("{'metadata':{'name':'polite'},'value':1000,'preemptionPolicy':'Never'}"));
      cluster.nodes(1);
      cluster.podWithCpu("low", "3", "");
      cluster.settle();
      cluster.podWithCpu("high", "3", "'priorityClassName':'polite'");
      cluster.settle();

      assertThat(cluster.reason("high"))
          .endsWith(" preemption: not eligible due to preemptionPolicy=Never.");
      assertThat(Meta.of(cluster.find("low")).isBeingDeleted()).isFalse();
    }
  }

  @Nested
  class Failing {
    @Test
    void triesAgainWhenABindingFails() {
      cluster.settle();
      FailingApi failing = new FailingApi(cluster.api, 2);
      cluster.restart(failing.api());
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
      assertThat(failing.failures()).isEqualTo(2);
      assertThat(cluster.events("web"))
          .contains(
              "FailedScheduling: binding rejected: running Bind plugin \"DefaultBinder\": the disk"
                  + " is full");
    }

    @Test
    void knowsAfterARestartWhatIsTaken() {
      cluster.nodes(2);
      cluster.podWithCpu("first", "3", "");
      cluster.podWithCpu("second", "3", "");
      cluster.settle();
      cluster.restart();
      cluster.podWithCpu("third", "3", "");
      cluster.settle();

      assertThat(cluster.nodeOf("first")).isNotEmpty();
      assertThat(cluster.nodeOf("third")).isEmpty();
    }

    @Test
    void forgetsNodesThatAreGone() {
      cluster.nodes(2);
      cluster.settle();
      cluster.api.delete(ApiResource.NODES, "", "node-0", DeleteOptions.DEFAULT);
      cluster.settle();
      IntStream.range(0, 5).forEach(i -> cluster.pod("web-" + i, ""));
      cluster.settle();

      assertThat(IntStream.range(0, 5).mapToObj(i -> cluster.nodeOf("web-" + i)))
          .containsOnly("node-1");
    }
  }
}
