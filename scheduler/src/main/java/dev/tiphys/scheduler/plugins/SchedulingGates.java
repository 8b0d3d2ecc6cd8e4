package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds Pods back until their gates are gone.
final class SchedulingGates implements PreEnqueuePlugin, EnqueueExtensions {

  static final String NAME = "SchedulingGates";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection preEnqueue(PodInfo pod) {
    return pod.gates().isEmpty()
        ? null
        : Rejection.lasting(
            NAME, "waiting for scheduling gates: [" + String.join(" ", pod.gates()) + "]");
  }

  @Override
  public List<Interest> events() {
    return List.of(Interest.in(Resource.POD, Action.UPDATE_POD_GATES_ELIMINATED));
  }
}
