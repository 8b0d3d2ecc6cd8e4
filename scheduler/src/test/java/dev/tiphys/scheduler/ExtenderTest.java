package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.extenders.ExtenderException;
import dev.tiphys.scheduler.extenders.Transport;
import dev.tiphys.world.Gate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExtenderTest {

  private final Map<String, Function<Struct, Object>> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private TestCluster cluster;

  @AfterEach
  void close() {
    cluster.close();
  }

  private Transport transport() {
    return (url, body, _) -> {
      synchronized (asked) {
        asked.add(url);
      }
      return answers.get(url).apply(body);
    };
  }

  /// @param extenders elements of a list, as YAML
  private void start(String extenders) {
    start(extenders, transport());
  }

  private void start(String extenders, Transport transport) {
    cluster = new TestCluster(1, "extenders: [" + extenders + "]", Map.of(), transport);
    cluster.nodes(3);
    cluster.settle();
  }

  private static List<String> names(Struct body) {
    return body.strings("NodeNames");
  }

  private static Struct left(String... names) {
    return Struct.of("NodeNames", List.of(names));
  }

  @Test
  void anExtenderThatKnowsTheNodesIsToldTheirNames() {
    start("{urlPrefix: 'http://a/', filterVerb: filter, nodeCacheCapable: true}");
    answers.put(
        "http://a/filter",
        body -> {
          assertThat(names(body)).containsExactlyInAnyOrder("node-0", "node-1", "node-2");
          assertThat(body.string("Pod", "metadata", "name")).isEqualTo("web");
          return left("node-1");
        });
    cluster.pod("web", "");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
    assertThat(asked).containsExactly("http://a/filter");
  }

  @Test
  void anotherIsToldTheNodesAndAnswersWithSome() {
    start("{urlPrefix: 'http://a', filterVerb: filter}");
    answers.put(
        "http://a/filter",
        body -> {
          List<Struct> nodes = body.structs("Nodes", "items");
          assertThat(nodes).hasSize(3).allMatch(node -> node.has("status", "allocatable"));
          // Fields may be written in any case.
          return Struct.of("nodes", Struct.of("items", List.of(nodes.get(2))));
        });
    cluster.pod("web", "");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isNotEmpty();
  }

  @Test
  void whatTheExtenderRefusesIsTold() {
    start("{urlPrefix: 'http://a', filterVerb: filter, nodeCacheCapable: true}");
    answers.put(
        "http://a/filter",
        body ->
            Struct.of(
                "NodeNames",
                List.of(),
                "FailedNodes",
                Struct.of("node-0", "no tape", "node-1", "no tape"),
                "FailedAndUnresolvableNodes",
                Struct.of("node-2", "no drive")));
    cluster.pod("web", "");
    cluster.settle();

    assertThat(cluster.reason("web"))
        .isEqualTo(
            "0/3 nodes are available: 1 no drive, 2 no tape. no new claims to deallocate,"
                + " preemption: 0/3 nodes are available: 1 Preemption is not helpful for"
                + " scheduling, 2 No preemption victims found for incoming pod.");
  }

  @Test
  void scoresAreWeighedAndAdded() {
    start("{urlPrefix: 'http://a', prioritizeVerb: like, weight: 5, nodeCacheCapable: true}");
    answers.put("http://a/like", body -> List.of(Struct.of("Host", "node-2", "Score", 10L)));
    cluster.pod("web", "");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-2");
  }

  @Test
  void aFailureIsNoVerdictAndIsTriedAgain() {
    start("{urlPrefix: 'http://a', filterVerb: filter, nodeCacheCapable: true}");
    boolean[] fails = {true};
    answers.put(
        "http://a/filter",
        body -> {
          if (fails[0]) {
            throw new ExtenderException("out of order");
          }
          return left("node-0");
        });
    cluster.pod("web", "");
    cluster.world.advance(Duration.ofMillis(500));
    assertThat(cluster.reason("web")).isEqualTo("out of order");
    assertThat(Meta.condition(cluster.find("web"), "PodScheduled").string("reason"))
        .isEqualTo("SchedulerError");

    fails[0] = false;
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }

  @Test
  void anExtenderThatMayBeIgnoredIs() {
    start(
        "{urlPrefix: 'http://a', filterVerb: filter, ignorable: true}",
        (_, _, _) -> {
          throw new IOException("connection refused");
        });
    cluster.pod("web", "");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isNotEmpty();
  }

  @Test
  void onlyPodsThatAskForWhatItManagesAreOfInterest() {
    start(
        "{urlPrefix: 'http://a', filterVerb: filter, nodeCacheCapable: true,"
            + " managedResources: [{name: a.example/tape, ignoredByScheduler: true}]}");
    answers.put("http://a/filter", body -> left("node-1"));
    cluster.pod("web", "");
    cluster.settle();
    assertThat(asked).isEmpty();

    // No node says that it has any: that is the extender's business.
    cluster.api.create(
        ApiResource.PODS,
        TestCluster.json(
            "{'metadata':{'name':'tape','namespace':'default'},'spec':{'containers':[{'name':'c',"
                + "'image':'i','resources':{'limits':{'a.example/tape':'1'}}}]}}"));
    cluster.settle();
    assertThat(cluster.nodeOf("tape")).isEqualTo("node-1");
  }

  @Test
  void anExtenderCanBind() {
    start("{urlPrefix: 'http://a', bindVerb: bind}");
    List<Struct> bound = new ArrayList<>();
    answers.put(
        "http://a/bind",
        body -> {
          bound.add(body);
          return Struct.EMPTY;
        });
    cluster.pod("web", "");
    cluster.settle();

    assertThat(bound).hasSize(1);
    assertThat(bound.getFirst().string("PodName")).isEqualTo("web");
    assertThat(bound.getFirst().string("PodNamespace")).isEqualTo("default");
    assertThat(bound.getFirst().string("PodUID")).isEqualTo(Meta.of(cluster.find("web")).uid());
    assertThat(bound.getFirst().string("Node")).startsWith("node-");
    assertThat(cluster.nodeOf("web")).as("the API is not told").isEmpty();
  }

  @Test
  void othersArePlacedWhileAnExtenderThinksAndItsAnswerIsCheckedAgain() {
    Gate[] gate = new Gate[1];
    start(
        "{urlPrefix: 'http://a', filterVerb: filter, nodeCacheCapable: true,"
            + " managedResources: [{name: a.example/tape, ignoredByScheduler: true}]}",
        (_, body, _) -> {
          gate[0].await();
          return left(names(body).toArray(String[]::new));
        });
    gate[0] = cluster.world.background().gate();
    cluster.api.create(
        ApiResource.PODS,
        TestCluster.json(
            "{'metadata':{'name':'tape','namespace':'default'},'spec':{'nodeSelector':"
                + "{'kubernetes.io/hostname':'node-0'},'containers':[{'name':'c','image':'i',"
                + "'resources':{'requests':{'cpu':'3'},'limits':{'cpu':'3','a.example/tape':'1'}}"
                + "}]}}"));
    cluster.settle();
    cluster.podWithCpu("quick", "3", "'nodeSelector':{'kubernetes.io/hostname':'node-0'}");
    cluster.settle();
    assertThat(cluster.nodeOf("quick")).isEqualTo("node-0");

    gate[0].open();
    cluster.settle();
    assertThat(cluster.nodeOf("tape")).isEmpty();
    assertThat(cluster.reason("tape")).contains("1 Insufficient cpu");
    cluster.delete("quick");
    cluster.settle();
    gate[0].open();
    cluster.settle();
    assertThat(cluster.nodeOf("tape")).isEqualTo("node-0");
  }

  @Test
  void anExtenderHasASayInWhoLeaves() {
    start("{urlPrefix: 'http://a', preemptVerb: preempt, nodeCacheCapable: true}");
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES,
        TestCluster.json("{'metadata':{'name':'high'},'value':1000}"));
    for (int i = 0; i < 3; i++) {
      cluster.podWithCpu(
          "low-" + i, "3", "'nodeSelector':{'kubernetes.io/hostname':'node-" + i + "'}");
    }
    cluster.settle();
    answers.put(
        "http://a/preempt",
        body -> {
          Struct victims = body.struct("NodeNameToMetaVictims");
          assertThat(victims.names()).containsExactly("node-0", "node-1", "node-2");
          return Struct.of("NodeNameToMetaVictims", Struct.of("node-1", victims.struct("node-1")));
        });
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();

    assertThat(Meta.of(cluster.find("low-1")).isBeingDeleted()).isTrue();
    assertThat(Meta.of(cluster.find("low-0")).isBeingDeleted()).isFalse();
    assertThat(cluster.find("high").string("status", "nominatedNodeName")).isEqualTo("node-1");
    cluster.delete("low-1");
    cluster.settle();
    assertThat(cluster.nodeOf("high")).isEqualTo("node-1");
  }

  @Test
  void noPodLeavesIfTheExtenderLetsNoneGo() {
    start("{urlPrefix: 'http://a', preemptVerb: preempt, nodeCacheCapable: true}");
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES,
        TestCluster.json("{'metadata':{'name':'high'},'value':1000}"));
    for (int i = 0; i < 3; i++) {
      cluster.podWithCpu("low-" + i, "3", "");
    }
    cluster.settle();
    answers.put("http://a/preempt", body -> Struct.of("NodeNameToMetaVictims", Struct.EMPTY));
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();

    for (int i = 0; i < 3; i++) {
      assertThat(Meta.of(cluster.find("low-" + i)).isBeingDeleted()).isFalse();
    }
    cluster.delete("low-2");
    cluster.settle();
    assertThat(cluster.nodeOf("high")).as("it takes the room that comes").isNotEmpty();
  }

  @Test
  void aPodThatAllNodesAreRefusedForWaitsEvenIfNotAllWereAskedAbout() {
    cluster =
        new TestCluster(
            1,
            "percentageOfNodesToScore: 60\n"
                + "extenders: [{urlPrefix: 'http://a', filterVerb: filter, nodeCacheCapable: true}]",
            Map.of(),
            transport());
    for (int i = 0; i < 200; i++) {
      cluster.node("n" + i, "");
    }
    answers.put("http://a/filter", body -> left());
    cluster.pod("web", "");
    cluster.settle();

    assertThat(asked).hasSize(1);
    assertThat(cluster.nodeOf("web")).isEmpty();
  }
}
