package dev.tiphys.scheduler.plugins.gangs;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PermitPlugin;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.verdict.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Holds Pods of a gang back until there are enough of them, and lets none be bound before enough
/// have nodes.
///
/// All Pods of a group are tried in one go, so that Pods wait for permission here only where
/// extenders, which are asked about each Pod on its own, have a say.
public final class GangScheduling implements PreEnqueuePlugin, PermitPlugin, EnqueueExtensions {

  public static final String NAME = "GangScheduling";

  /// Why a Pod that has a place is not scheduled.
  public static final String WAITING = "waiting for minCount pods from a gang to be scheduled";

  /// How long Pods of a gang keep their places for the rest of it.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Handle handle;
  private final PodGroups groups;

  public GangScheduling(Handle handle, PodGroups groups) {
    this.handle = handle;
    this.groups = groups;
  }

  @Override
  public String name() {
    return NAME;
  }

  public PodGroups groups() {
    return groups;
  }

  @Override
  public @Nullable Rejection preEnqueue(PodInfo pod) {
    ObjectKey key = pod.group();
    if (key == null) {
      return null;
    }
    Struct group = groups.find(key);
    if (group == null) {
      return Rejection.lasting(
          NAME,
          "waiting for pods's pod group \"" + key.name() + "\" to appear in scheduling queue");
    }
    return groups.size(key) < PodGroups.least(group)
        ? Rejection.lasting(
            NAME, "waiting for minCount pods from a gang to appear in scheduling queue")
        : null;
  }

  @Override
  public Permission permit(CycleState state, PodInfo pod, NodeInfo node) {
    ObjectKey group = pod.group();
    if (group == null) {
      return Permission.ALLOWED;
    }
    if (groups.find(group) == null) {
      throw new PluginException(
          "failed to get podGroup %s: podgroup.scheduling.k8s.io \"%s\" not found"
              .formatted(group, group.name()));
    }
    if (!groups.isComplete(group, 0)) {
      return new Permission.Wait(PATIENCE);
    }
    groups.conditions().scheduled(group, pod);
    for (WaitingPod waiting : handle.waitingPods()) {
      if (group.equals(waiting.pod().group())) {
        waiting.allow(NAME);
      }
    }
    return Permission.ALLOWED;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.POD, Action.ADD).when(GangScheduling::ofPod),
        Interest.in(Resource.POD_GROUP, Action.ADD, Action.UPDATE).when(GangScheduling::ofGroup));
  }

  private static QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    return queueIf(
        event instanceof ClusterEvent.OfPod(var _, var added, var _, var _)
            && added.group() != null
            && !added.uid().equals(pod.uid())
            && Objects.equals(added.group(), pod.group()));
  }

  /// What a group asks for never changes, but for what others write past the rules.
  private static QueueingHint ofGroup(PodInfo pod, ClusterEvent event) {
    if (!(event instanceof ClusterEvent.OfObject(var _, var _, var before, var now))
        || now == null
        || !ObjectKey.of(now).equals(pod.group())) {
      return QueueingHint.SKIP;
    }
    return queueIf(before == null || PodGroups.least(now) < PodGroups.least(before));
  }
}
