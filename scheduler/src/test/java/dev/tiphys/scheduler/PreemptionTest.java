package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PreemptionTest {

  private final TestCluster cluster = new TestCluster(1);

  @BeforeEach
  void addPriorities() {
    priority("middle", 500);
    priority("high", 1_000);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void priority(String name, int value) {
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES,
        json("{'metadata':{'name':'" + name + "'},'value':" + value + "}"));
  }

  private boolean isLeaving(String pod) {
    return Meta.of(cluster.find(pod)).isBeingDeleted();
  }

  private String nominated(String pod) {
    return cluster.find(pod).string("status", "nominatedNodeName");
  }

  private static String on(String node) {
    return "'nodeSelector':{'kubernetes.io/hostname':'" + node + "'}";
  }

  @Test
  void theNodeWithTheLeastImportantVictimsIsCleared() {
    cluster.nodes(2);
    cluster.podWithCpu("low", "3", on("node-0"));
    cluster.podWithCpu("middle", "3", on("node-1") + ",'priorityClassName':'middle'");
    cluster.settle();
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();

    assertThat(nominated("high")).isEqualTo("node-0");
    assertThat(isLeaving("low")).isTrue();
    assertThat(isLeaving("middle")).isFalse();
  }

  @Test
  void aCriticalPodSendsTheLeastImportantOneAway() {
    cluster.nodes(2);
    cluster.podWithCpu("low", "1600m", on("node-0"));
    for (int i = 0; i < 3; i++) {
      String node = on("node-" + (i + 1) / 2);
      cluster.podWithCpu("middle-" + i, "1600m", node + ",'priorityClassName':'middle'");
    }
    cluster.settle();
    cluster.api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'critical','namespace':'kube-system'},'spec':{"
                + "'priorityClassName':'system-cluster-critical','containers':[{'name':'c',"
                + "'image':'i','resources':{'requests':{'cpu':'1600m'}}}]}}"));
    cluster.settle();

    assertThat(isLeaving("low")).isTrue();
    assertThat(IntStream.range(0, 3)).noneMatch(i -> isLeaving("middle-" + i));
    cluster.delete("low");
    cluster.settle();
    assertThat(
            cluster.api.get(ApiResource.PODS, "kube-system", "critical").string("spec", "nodeName"))
        .isEqualTo("node-0");
  }

  @Test
  void aBudgetIsKeptIfAnotherNodeWillDo() {
    cluster.nodes(2);
    for (int i = 0; i < 2; i++) {
      cluster.api.create(
          ApiResource.PODS,
          json(
              "{'metadata':{'name':'low-"
                  + i
                  + "','namespace':'default','labels':{'app':'"
                  + i
                  + "'}},'spec':{"
                  + on("node-" + i)
                  + ",'containers':[{'name':'c','image':'i','resources':{'requests':"
                  + "{'cpu':'3'}}}]}}"));
    }
    cluster.settle();
    cluster.api.create(
        ApiResource.POD_DISRUPTION_BUDGETS,
        json(
            "{'metadata':{'name':'keep','namespace':'default'},'spec':{'minAvailable':1,"
                + "'selector':{'matchLabels':{'app':'0'}}}}"));
    cluster.settle();
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();

    assertThat(isLeaving("low-0")).isFalse();
    assertThat(isLeaving("low-1")).isTrue();
  }

  /// The victim has a long grace, and the node that is being cleared can't take the Pod any more.
  @Test
  void aPodDoesNotWaitForANodeThatCanNotTakeIt() {
    cluster.nodes(2);
    cluster.podWithCpu("low-0", "3", on("node-0"));
    cluster.podWithCpu("low-1", "3", on("node-1"));
    cluster.settle();
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();
    String first = nominated("high");
    assertThat(first).startsWith("node-");
    String other = first.equals("node-0") ? "node-1" : "node-0";

    cluster.taint(first, "{'key':'a','effect':'NoSchedule'}");
    cluster.settle();
    // Only what happens to the other node gives another try.
    cluster.taint(other, "");
    cluster.podWithCpu("small", "100m", on(other));
    cluster.delete("small");
    cluster.world.advance(Duration.ofMinutes(6));

    assertThat(nominated("high")).isEqualTo(other);
    assertThat(isLeaving(other.replace("node", "low"))).isTrue();
  }

  @Test
  void whileAVictimLeavesNoFurtherPodIsSentAway() {
    cluster.nodes(2);
    cluster.podWithCpu("low-0", "3", on("node-0"));
    cluster.podWithCpu("low-1", "3", on("node-1"));
    cluster.settle();
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.world.advance(Duration.ofMinutes(11));

    assertThat(IntStream.range(0, 2).filter(i -> isLeaving("low-" + i)).count()).isEqualTo(1);
    assertThat(cluster.reason("high"))
        .endsWith("preemption: not eligible due to a terminating pod on the nominated node.");
  }

  @Test
  void aLessImportantPodLosesItsNomination() {
    cluster.nodes(1);
    cluster.podWithCpu("low", "3", "");
    cluster.settle();
    cluster.podWithCpu("middle", "3", "'priorityClassName':'middle'");
    cluster.settle();
    assertThat(nominated("middle")).isEqualTo("node-0");
    cluster.podWithCpu("high", "3", "'priorityClassName':'high'");
    cluster.settle();
    // The victim of the one is leaving for the other too.
    cluster.delete("low");
    cluster.settle();

    assertThat(cluster.nodeOf("high")).isEqualTo("node-0");
    assertThat(cluster.nodeOf("middle")).isEmpty();
  }

  @Test
  void aPodOfAClaimForOnePodMakesRoomForAMoreImportantOne() {
    cluster.nodes(1);
    cluster.api.create(
        ApiResource.PERSISTENT_VOLUMES,
        json(
            "{'metadata':{'name':'disk'},'spec':{'capacity':{'storage':'1Gi'},'accessModes':"
                + "['ReadWriteOncePod'],'csi':{'driver':'d','volumeHandle':'h'}}}"));
    Struct claim =
        cluster.api.create(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            json(
                "{'metadata':{'name':'data','namespace':'default'},'spec':{'storageClassName':'',"
                    + "'volumeName':'disk','accessModes':['ReadWriteOncePod'],'resources':"
                    + "{'requests':{'storage':'1Gi'}}}}"));
    cluster.api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.withAt("Bound", "status", "phase"), "status");
    String uses = "'volumes':[{'name':'data','persistentVolumeClaim':{'claimName':'data'}}]";
    cluster.pod("low", uses);
    cluster.settle();
    assertThat(cluster.nodeOf("low")).isEqualTo("node-0");
    cluster.pod("high", uses + ",'priorityClassName':'high'");
    cluster.settle();

    assertThat(isLeaving("low")).isTrue();
    cluster.delete("low");
    cluster.settle();
    assertThat(cluster.nodeOf("high")).isEqualTo("node-0");
  }

  @Test
  void aNominationThatAnotherProgramMakesIsHonoured() {
    cluster.nodes(3);
    cluster.pod("web", "'schedulingGates':[{'name':'a/b'}]");
    cluster.settle();
    Struct web = cluster.find("web");
    cluster.api.update(
        ApiResource.PODS, web.withAt("node-2", "status", "nominatedNodeName"), "status");
    // Another Pod makes the node less liked than the others.
    cluster.podWithCpu("busy", "2", on("node-2"));
    cluster.settle();
    cluster.api.update(ApiResource.PODS, cluster.find("web").withoutAt("spec", "schedulingGates"));
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-2");
  }
}
