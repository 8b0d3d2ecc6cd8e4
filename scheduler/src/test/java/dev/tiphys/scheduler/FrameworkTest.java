package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplates;
import dev.tiphys.scheduler.framework.PermitPlugin.Permission;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PostFilterPlugin.PostFilterResult;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What plugins may rely on, whichever they are.
class FrameworkTest {

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final RecordingPlugin one = new RecordingPlugin("One", calls);
  private final RecordingPlugin two = new RecordingPlugin("Two", calls);
  private final TestCluster cluster =
      new TestCluster(
          1,
          """
          profiles:
          - plugins:
              multiPoint: {enabled: [{name: One}, {name: Two}]}
              bind: {enabled: [{name: One}, {name: Two}, {name: DefaultBinder}]}
          """,
          Map.of("One", (handle, _) -> one.with(handle), "Two", (handle, _) -> two.with(handle)),
          (_, _, _) -> Struct.EMPTY);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static Rejection no(String plugin, String reason) {
    return Rejection.curable(plugin, reason);
  }

  private List<String> callsOf(String plugin) {
    return calls.stream()
        .filter(call -> call.startsWith(plugin + " "))
        .map(call -> call.substring(plugin.length() + 1))
        .toList();
  }

  private String conditionReason(String pod) {
    return Meta.condition(cluster.find(pod), "PodScheduled").string("reason");
  }

  @Test
  void pluginsAreAskedAtEachPointInTheirOrder() {
    cluster.nodes(2);
    cluster.pod("web", "");
    cluster.settle();

    assertThat(calls)
        .containsExactly(
            "One PreEnqueue",
            "Two PreEnqueue",
            "One PreFilter",
            "Two PreFilter",
            "One PreScore",
            "Two PreScore",
            "One Reserve web",
            "Two Reserve web",
            "One Permit",
            "Two Permit",
            "One PreBindPreFlight",
            "Two PreBindPreFlight",
            "One PreBind",
            "Two PreBind",
            "One Bind",
            "Two Bind",
            "One PostBind node-1",
            "Two PostBind node-1");
    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
  }

  @Test
  void aPodThatAPluginHoldsBackIsNotTried() {
    one.gate = no("One", "not yet");
    cluster.nodes(1);
    cluster.pod("web", "");
    cluster.settle();
    assertThat(calls).containsOnly("One PreEnqueue");

    one.gate = null;
    one.handle.activate(podInfo("web"));
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }

  private PodInfo podInfo(String name) {
    return PodInfo.of(cluster.find(name), new PodTemplates());
  }

  @Test
  void aPluginThatFailsLosesNoPod() {
    one.gateFailure = new IllegalStateException("broken");
    cluster.nodes(1);
    cluster.pod("web", "");
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEmpty();
    one.gateFailure = null;
    one.preFilterFailure = new PluginException("still broken");
    cluster.world.advance(Duration.ofMinutes(6));
    assertThat(cluster.reason("web")).isEqualTo("still broken");
    assertThat(conditionReason("web")).isEqualTo("SchedulerError");

    one.preFilterFailure = null;
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }

  @Nested
  class PreFilter {
    @Test
    void mayRefuseAllNodes() {
      one.preFilter = PreFilterResult.refuse(no("One", "not today"));
      cluster.nodes(2);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.reason("web")).startsWith("0/2 nodes are available: not today. ");
      assertThat(calls.stream().takeWhile(call -> !call.endsWith("PostFilter")))
          .doesNotContain("Two PreFilter");
    }

    @Test
    void mayNameTheOnlyNodes() {
      one.preFilter = PreFilterResult.only(Set.of("node-0"));
      cluster.nodes(3);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
    }

    @Test
    void namesThatSeveralGiveMustAgree() {
      one.preFilter = PreFilterResult.only(Set.of("node-0"));
      two.preFilter = PreFilterResult.only(Set.of("node-1"));
      cluster.nodes(2);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.reason("web"))
          .startsWith("0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [One Two]. ");
    }
  }

  @Nested
  class PostFilter {
    @Test
    void messagesAreJoinedInOrder() {
      cluster.pod("web", "");
      cluster.node("full", "");
      cluster.taint("full", "{'key':'a','effect':'NoSchedule'}");
      two.postFilter = PostFilterResult.useless("nor here");
      cluster.settle();

      assertThat(cluster.reason("web"))
          .isEqualTo(
              "0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to"
                  + " deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful"
                  + " for scheduling., nothing to do, nor here");
    }

    @Test
    void theFirstThatHelpsEndsTheChain() {
      one.postFilter = PostFilterResult.nominated("full", List.of());
      cluster.node("full", "");
      cluster.taint("full", "{'key':'a','effect':'NoSchedule'}");
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.reason("web"))
          .isEqualTo("0/1 nodes are available: 1 node(s) had untolerated taint(s).");
      assertThat(cluster.find("web").string("status", "nominatedNodeName")).isEqualTo("full");
      assertThat(calls).doesNotContain("Two PostFilter");
    }
  }

  @Nested
  class Reserving {
    @Test
    void whatFailsIsUndoneByAllInReverseOrder() {
      two.reserve = no("Two", "taken");
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(calls)
          .containsSubsequence(
              "One Reserve web", "Two Reserve web", "Two Unreserve", "One Unreserve");
      assertThat(calls).doesNotContain("One Permit");
      assertThat(cluster.reason("web")).isEqualTo("0/1 nodes are available: 1 taken.");
      assertThat(conditionReason("web")).isEqualTo("Unschedulable");
    }

    @Test
    void aFailureIsNoVerdict() {
      two.reserveFailure = new PluginException("out of order");
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.world.advance(Duration.ofMillis(500));

      assertThat(cluster.reason("web")).isEqualTo("running Reserve plugin \"Two\": out of order");
      assertThat(conditionReason("web")).isEqualTo("SchedulerError");
      two.reserveFailure = null;
      cluster.settle();
      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
    }
  }

  @Nested
  class Permitting {
    private WaitingPod waiting() {
      assertThat(one.handle.waitingPods()).hasSize(1);
      return one.handle.waitingPods().iterator().next();
    }

    @Test
    void whatIsDeniedIsUndone() {
      one.permission = new Permission.Denied(no("One", "no permit"));
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(cluster.reason("web")).isEqualTo("0/1 nodes are available: 1 no permit.");
      assertThat(calls).containsSubsequence("One Permit", "Two Unreserve", "One Unreserve");
      assertThat(calls).doesNotContain("Two Permit");
    }

    @Test
    void aWaitingPodGoesOnWithTheLastPermission() {
      one.permission = new Permission.Wait(Duration.ofMinutes(1));
      two.permission = new Permission.Wait(Duration.ofMinutes(1));
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.settle();
      assertThat(waiting().pending()).containsExactlyInAnyOrder("One", "Two");
      assertThat(cluster.nodeOf("web")).isEmpty();

      waiting().allow("One");
      cluster.settle();
      assertThat(waiting().pending()).containsExactly("Two");
      assertThat(calls).doesNotContain("One PreBind");

      waiting().allow("Two");
      cluster.settle();
      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
      assertThat(one.handle.waitingPods()).isEmpty();
    }

    @Test
    void aWaitingPodKeepsItsRoomAndHoldsUpNoOther() {
      one.permission = new Permission.Wait(Duration.ofMinutes(1));
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.settle();
      one.permission = Permission.ALLOWED;
      cluster.podWithCpu("large", "3", "");
      cluster.podWithCpu("small", "1", "");
      cluster.settle();

      assertThat(cluster.nodeOf("large")).isEmpty();
      assertThat(cluster.nodeOf("small")).isEqualTo("node-0");
    }

    @Test
    void aWaitThatIsTooLongIsARejection() {
      one.permission = new Permission.Wait(Duration.ofSeconds(20));
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.settle();
      one.permission = Permission.ALLOWED;
      cluster.podWithCpu("next", "3", "");
      cluster.world.advance(Duration.ofSeconds(21));

      assertThat(cluster.events("web"))
          .contains(
              "FailedScheduling: 0/1 nodes are available: 1 rejected due to timeout after waiting"
                  + " 20s at plugin One.");
      assertThat(calls).containsSubsequence("Two Unreserve", "One Unreserve");
      assertThat(cluster.nodeOf("next")).isEqualTo("node-0");
    }

    @Test
    void aWaitingPodCanBeRejected() {
      one.permission = new Permission.Wait(Duration.ofMinutes(1));
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();
      waiting().reject("One", "the gang is not complete");
      cluster.settle();

      assertThat(cluster.reason("web"))
          .isEqualTo("0/1 nodes are available: 1 the gang is not complete.");
    }

    @Test
    void aWaitingPodThatIsDeletedIsForgotten() {
      one.permission = new Permission.Wait(Duration.ofMinutes(1));
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.settle();
      one.permission = Permission.ALLOWED;
      cluster.delete("web");
      cluster.podWithCpu("next", "3", "");
      cluster.settle();

      assertThat(one.handle.waitingPods()).isEmpty();
      assertThat(callsOf("One")).contains("Unreserve");
      assertThat(cluster.nodeOf("next")).isEqualTo("node-0");
    }
  }

  @Nested
  class Binding {
    @Test
    void aFailureOfPreBindIsUndoneAndTriedAgain() {
      one.preBindFailure = new PluginException("the disk is gone");
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.world.advance(Duration.ofMillis(500));
      assertThat(cluster.reason("web"))
          .isEqualTo("running PreBind plugin \"One\": the disk is gone");
      assertThat(calls).containsSubsequence("One PreBind", "Two Unreserve", "One Unreserve");
      assertThat(calls).doesNotContain("Two PreBind", "One Bind");

      one.preBindFailure = null;
      cluster.settle();
      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
    }

    @Test
    void whatAFailedPreBindGivesBackIsGivenToOthers() {
      one.preBindFailure = new PluginException("the disk is gone");
      cluster.nodes(1);
      cluster.podWithCpu("web", "3", "");
      cluster.world.advance(Duration.ofMillis(500));
      one.preBindFailure = null;
      cluster.podWithCpu("next", "3", "");
      cluster.world.advance(Duration.ofMillis(100));

      assertThat(cluster.nodeOf("next")).isEqualTo("node-0");
    }

    @Test
    void theFirstThatBindsEndsTheChain() {
      one.binds = true;
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();

      assertThat(calls).contains("One Bind", "One PostBind node-0").doesNotContain("Two Bind");
      assertThat(cluster.nodeOf("web")).as("the API is not told").isEmpty();
    }

    @Test
    void aFailureToBindIsUndone() {
      two.bindFailure = new PluginException("no");
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.world.advance(Duration.ofMillis(500));

      assertThat(cluster.reason("web"))
          .isEqualTo("binding rejected: running Bind plugin \"Two\": no");
      assertThat(calls).containsSubsequence("Two Bind", "Two Unreserve", "One Unreserve");
      assertThat(calls).doesNotContain("One PostBind node-0");
    }
  }

  @Nested
  class TheExpectedNode {

    private String expected() {
      return cluster.find("web").string("status", "nominatedNodeName");
    }

    @Test
    void isToldWhileThePodWaitsForPermission() {
      one.permission = new Permission.Wait(Duration.ofMinutes(1));
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();
      assertThat(expected()).isEqualTo("node-0");
      assertThat(cluster.nodeOf("web")).isEmpty();

      one.handle.waitingPods().forEach(waiting -> waiting.allow("One"));
      cluster.settle();
      assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
      assertThat(expected()).as("it has served its purpose").isEmpty();
    }

    @Test
    void isTakenBackIfPermissionIsRefused() {
      one.permission = new Permission.Wait(Duration.ofMinutes(1));
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.settle();
      one.permission = new Permission.Denied(no("One", "no permit"));
      one.handle.waitingPods().forEach(waiting -> waiting.reject("One", "not now"));
      cluster.settle();

      assertThat(cluster.nodeOf("web")).isEmpty();
      assertThat(expected()).isEmpty();
    }

    @Test
    void isTakenBackIfWhatHasToBePreparedFails() {
      one.preBindFailure = new PluginException("the disk is gone");
      cluster.nodes(1);
      cluster.pod("web", "");
      cluster.world.advance(Duration.ofMillis(500));

      assertThat(cluster.nodeOf("web")).isEmpty();
      assertThat(expected()).isEmpty();
    }
  }
}
