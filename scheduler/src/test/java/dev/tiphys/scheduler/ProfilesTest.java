package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a configuration changes for a scheduler that works.
class ProfilesTest {

  private TestCluster cluster;

  @AfterEach
  void close() {
    cluster.close();
  }

  private void start(String configuration) {
    cluster = new TestCluster(1, configuration, Map.of(), (_, _, _) -> Struct.EMPTY);
  }

  @Test
  void eachProfileSeesToItsOwnPods() {
    start(
        """
        profiles:
        - schedulerName: default-scheduler
        - schedulerName: packer
          pluginConfig:
          - name: NodeResourcesFit
            args: {scoringStrategy: {type: MostAllocated}}
          plugins:
            score: {disabled: [{name: NodeResourcesBalancedAllocation}]}
        """);
    cluster.nodes(2);
    cluster.podWithCpu("seed", "1", "");
    cluster.settle();
    String full = cluster.nodeOf("seed");
    cluster.podWithCpu("packed", "1", "'schedulerName':'packer'");
    cluster.settle();
    assertThat(cluster.nodeOf("packed")).isEqualTo(full);
    cluster.podWithCpu("spread", "1", "");
    cluster.pod("theirs", "'schedulerName':'another'");
    cluster.settle();

    assertThat(cluster.nodeOf("spread")).isNotEqualTo(full);
    assertThat(cluster.nodeOf("theirs")).isEmpty();
  }

  @Test
  void aFilterThatIsSwitchedOffDoesNotFilter() {
    start("profiles: [{plugins: {filter: {disabled: [{name: TaintToleration}]}}}]");
    cluster.nodes(1);
    cluster.taint("node-0", "{'key':'a','effect':'NoSchedule'}");
    cluster.pod("web", "");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }

  @Test
  void withoutPreemptionNoPodIsSentAway() {
    start("profiles: [{plugins: {postFilter: {disabled: [{name: DefaultPreemption}]}}}]");
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES, json("{'metadata':{'name':'high'},'value':1000}"));
    cluster.nodes(1);
    cluster.podWithCpu("low", "3", "");
    cluster.settle();
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();

    assertThat(cluster.reason("high"))
        .isEqualTo("0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate");
    assertThat(cluster.nodeOf("low")).isEqualTo("node-0");
  }

  @Test
  void backOffsAreAsLongAsIsSaid() {
    start("podInitialBackoffSeconds: 3\npodMaxBackoffSeconds: 4");
    FailingApi failing = new FailingApi(cluster.api, 2);
    cluster.restart(failing.api());
    cluster.nodes(1);
    cluster.pod("web", "");
    cluster.world.advance(Duration.ofMillis(2_900));
    assertThat(failing.failures()).isEqualTo(1);
    cluster.world.advance(Duration.ofMillis(200));
    assertThat(failing.failures()).isEqualTo(2);
    cluster.world.advance(Duration.ofMillis(3_800));
    assertThat(cluster.nodeOf("web")).isEmpty();
    cluster.world.advance(Duration.ofMillis(300));
    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }

  @Test
  void constraintsOfTheConfigurationSpreadPodsOfAnOwner() {
    start(
        """
        profiles:
        - pluginConfig:
          - name: PodTopologySpread
            args:
              defaultingType: List
              defaultConstraints:
              - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}
        """);
    IntStream.range(0, 3).forEach(i -> cluster.node("a" + i, "'zone':'a'"));
    cluster.node("b", "'zone':'b'");
    cluster.api.create(
        ApiResource.SERVICES,
        json(
            "{'metadata':{'name':'web','namespace':'default'},'spec':{'selector':{'app':'web'},"
                + "'ports':[{'port':80}]}}"));
    cluster.settle();
    IntStream.range(0, 8).forEach(i -> cluster.pod("web-" + i, "'app':'web'", ""));
    cluster.settle();

    assertThat(IntStream.range(0, 8).filter(i -> cluster.nodeOf("web-" + i).equals("b")).count())
        .isEqualTo(4);
  }

  @Test
  void aShareOfTheNodesIsEnoughIfThatIsSaid() {
    start("percentageOfNodesToScore: 50");
    IntStream.range(0, 200).forEach(i -> cluster.node("n" + i, ""));
    IntStream.range(0, 300).forEach(i -> cluster.podWithCpu("p" + i, "2", ""));
    cluster.settle();

    assertThat(IntStream.range(0, 300).filter(i -> cluster.nodeOf("p" + i).isEmpty()).count())
        .isZero();
  }
}
