package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.events.Resource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Of a gang enough Pods are scheduled, or none.
final class GangTest {

  private static final ApiResource GROUPS = Resource.POD_GROUP.kind();
  private static final String UNSCHEDULABLE = "pod group is unschedulable";

  private final TestCluster cluster =
      new TestCluster(1, FeatureGates.parse("GenericWorkload=true,GangScheduling=true"));

  @AfterEach
  void close() {
    cluster.close();
  }

  private void group(String name, String policy) {
    cluster.api.create(
        GROUPS,
        TestCluster.json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default'},'spec':{'schedulingPolicy':"
                + policy
                + "}}"));
  }

  private void gang(String name, int least) {
    group(name, "{'gang':{'minCount':" + least + "}}");
  }

  private void member(String pod, String group, String cpu) {
    member(pod, group, cpu, "");
  }

  private void member(String pod, String group, String cpu, String spec) {
    cluster.podWithCpu(pod, cpu, "'schedulingGroup':{'podGroupName':'" + group + "'}" + spec);
  }

  private Struct condition(String group) {
    Struct found = Meta.condition(cluster.api.get(GROUPS, "default", group), "PodGroupScheduled");
    return found == null ? Struct.EMPTY : found;
  }

  private void pass(long seconds) {
    cluster.world.advance(Duration.ofSeconds(seconds));
    cluster.settle();
  }

  @Test
  void aGangThatFitsIsScheduledWhole() {
    cluster.nodes(1);
    gang("g", 3);
    for (String pod : new String[] {"a", "b", "c"}) {
      member(pod, "g", "1");
    }
    cluster.settle();

    assertThat(cluster.nodeOf("a")).isEqualTo("node-0");
    assertThat(cluster.nodeOf("c")).isEqualTo("node-0");
    assertThat(condition("g").without("lastTransitionTime"))
        .isEqualTo(
            TestCluster.json(
                "{'type':'PodGroupScheduled','status':'True','reason':'Scheduled','message':''}"));
    assertThat(cluster.find("a").string("status", "nominatedNodeName")).isEmpty();
  }

  @Test
  void noPodOfAGangIsScheduledThatDoesNotFit() {
    cluster.nodes(1);
    gang("g", 3);
    member("a", "g", "2");
    member("b", "g", "2");
    member("c", "g", "2");
    cluster.settle();

    assertThat(cluster.nodeOf("a")).isEmpty();
    assertThat(cluster.reason("a"))
        .isEqualTo(UNSCHEDULABLE + ", waiting for minCount pods from a gang to be scheduled");
    assertThat(cluster.reason("c")).startsWith("0/1 nodes are available: 1 Insufficient cpu.");
    assertThat(condition("g").string("status")).isEqualTo("False");
    assertThat(condition("g").string("reason")).isEqualTo("Unschedulable");
    assertThat(condition("g").string("message")).isEqualTo(UNSCHEDULABLE);
    // what was held is free for others
    cluster.podWithCpu("other", "4", "");
    cluster.settle();
    assertThat(cluster.nodeOf("other")).isEqualTo("node-0");
  }

  @Test
  void aGangThatDidNotFitIsScheduledWhenThereIsRoom() {
    cluster.nodes(1);
    gang("g", 3);
    member("a", "g", "2");
    member("b", "g", "2");
    member("c", "g", "2");
    cluster.settle();
    cluster.node("node-1", "");
    cluster.settle();
    pass(20);

    assertThat(cluster.nodeOf("a")).isNotEmpty();
    assertThat(cluster.nodeOf("b")).isNotEmpty();
    assertThat(cluster.nodeOf("c")).isNotEmpty();
    assertThat(condition("g").string("status")).isEqualTo("True");
  }

  @Test
  void podsWaitForTheirGroupAndForEachOther() {
    cluster.nodes(1);
    member("a", "g", "1");
    cluster.settle();
    assertThat(cluster.why("a").tree().toString()).contains("GangScheduling");
    gang("g", 2);
    cluster.settle();
    assertThat(cluster.nodeOf("a")).isEmpty();
    assertThat(cluster.reason("a")).isEmpty();
    member("b", "g", "1");
    cluster.settle();

    assertThat(cluster.nodeOf("a")).isEqualTo("node-0");
    assertThat(cluster.nodeOf("b")).isEqualTo("node-0");
  }

  @Test
  void morePodsThanNeededAreScheduledAsFarAsTheyFit() {
    cluster.nodes(1);
    gang("g", 2);
    for (String pod : new String[] {"a", "b", "c", "d", "e"}) {
      member(pod, "g", "1");
    }
    cluster.settle();

    assertThat(cluster.nodeOf("d")).isEqualTo("node-0");
    assertThat(cluster.nodeOf("e")).isEmpty();
    assertThat(condition("g").string("status")).isEqualTo("True");
  }

  @Test
  void aPodThatComesLaterJoinsAGangThatRuns() {
    cluster.nodes(1);
    gang("g", 2);
    member("a", "g", "1");
    member("b", "g", "1");
    cluster.settle();
    cluster.delete("a");
    member("c", "g", "1");
    cluster.settle();

    assertThat(cluster.nodeOf("c")).isEqualTo("node-0");
  }

  @Test
  void podsOfABasicGroupAreScheduledOnTheirOwn() {
    cluster.nodes(1);
    group("g", "{'basic':{}}");
    member("a", "g", "3");
    member("b", "g", "3");
    cluster.settle();

    assertThat(cluster.nodeOf("a") + cluster.nodeOf("b")).isEqualTo("node-0");
    assertThat(condition("g").string("status")).isEqualTo("True");
  }

  @Test
  void ofTwoGangsThatFitOneByOneTheSecondFollowsTheFirst() {
    cluster.nodes(1);
    gang("g", 3);
    gang("h", 3);
    for (int i = 0; i < 3; i++) {
      member("g" + i, "g", "1");
      member("h" + i, "h", "1");
    }
    cluster.settle();
    String first = cluster.nodeOf("g0").isEmpty() ? "h" : "g";
    String second = first.equals("g") ? "h" : "g";
    for (int i = 0; i < 3; i++) {
      assertThat(cluster.nodeOf(first + i)).isEqualTo("node-0");
      assertThat(cluster.nodeOf(second + i)).isEmpty();
    }
    for (int i = 0; i < 3; i++) {
      cluster.delete(first + i);
    }
    cluster.settle();
    pass(20);

    for (int i = 0; i < 3; i++) {
      assertThat(cluster.nodeOf(second + i)).isEqualTo("node-0");
    }
  }

  @Test
  void gangsMakeRoomForThemselves() {
    cluster.nodes(2);
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES,
        TestCluster.json("{'metadata':{'name':'high'},'value':1000}"));
    cluster.podWithCpu("low-0", "3", "");
    cluster.podWithCpu("low-1", "3", "");
    cluster.settle();
    gang("g", 2);
    member("a", "g", "3", ",'priorityClassName':'high'");
    member("b", "g", "3", ",'priorityClassName':'high'");
    cluster.settle();
    assertThat(cluster.nodeOf("a")).isEmpty();
    cluster.delete("low-0");
    cluster.settle();
    pass(20);
    assertThat(cluster.nodeOf("a")).isEmpty();
    assertThat(condition("g").string("message"))
        .isEqualTo(UNSCHEDULABLE + ", pod group is waiting for preemption to complete");
    cluster.delete("low-1");
    cluster.settle();
    pass(20);

    assertThat(cluster.nodeOf("a")).isNotEmpty();
    assertThat(cluster.nodeOf("b")).isNotEmpty();
    assertThat(condition("g").string("status")).isEqualTo("True");
  }

  @Test
  void aGangHasOneScheduler() {
    cluster.close();
    try (TestCluster two =
        new TestCluster(
            1,
            "profiles: [{schedulerName: default-scheduler}, {schedulerName: other}]",
            Map.of(),
            (_, _, _) -> Struct.EMPTY,
            FeatureGates.parse("GenericWorkload=true,GangScheduling=true"))) {
      two.nodes(1);
      two.api.create(
          GROUPS,
          TestCluster.json(
              "{'metadata':{'name':'g','namespace':'default'},'spec':{'schedulingPolicy':"
                  + "{'gang':{'minCount':2}}}}"));
      two.podWithCpu("a", "1", "'schedulingGroup':{'podGroupName':'g'}");
      two.podWithCpu("b", "1", "'schedulingGroup':{'podGroupName':'g'},'schedulerName':'other'");
      two.world.advance(Duration.ofSeconds(5));

      assertThat(two.reason("a"))
          .startsWith(
              "all pods in a single pod group should have the same .spec.schedulerName set");
      assertThat(two.nodeOf("b")).isEmpty();
    }
  }

  @Test
  void aProfileMayDoWithoutGangs() {
    cluster.close();
    try (TestCluster without =
        new TestCluster(
            1,
            "profiles: [{plugins: {multiPoint: {disabled: [{name: GangScheduling}]}}}]",
            Map.of(),
            (_, _, _) -> Struct.EMPTY,
            FeatureGates.parse("GenericWorkload=true,GangScheduling=true"))) {
      without.nodes(1);
      without.podWithCpu("a", "1", "'schedulingGroup':{'podGroupName':'g'}");
      without.settle();

      assertThat(without.nodeOf("a")).isEqualTo("node-0");
    }
  }

  @Test
  void aGroupThatIsGoneKeepsItsPodsWaiting() {
    gang("g", 1);
    member("a", "g", "1");
    cluster.settle();
    Struct group = cluster.api.get(GROUPS, "default", "g");
    cluster.api.update(GROUPS, group.withoutAt("metadata", "finalizers"));
    cluster.api.delete(GROUPS, "default", "g", DeleteOptions.DEFAULT);
    cluster.nodes(1);
    cluster.settle();
    pass(20);
    assertThat(cluster.nodeOf("a")).isEmpty();
    gang("g", 1);
    cluster.settle();
    pass(20);

    assertThat(cluster.nodeOf("a")).isEqualTo("node-0");
  }
}
