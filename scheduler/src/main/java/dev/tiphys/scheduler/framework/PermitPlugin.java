package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Rejection;
import java.time.Duration;

/// Lets a Pod that has a node be bound, denies it, or lets it wait.
public interface PermitPlugin extends Plugin {

  Permission permit(CycleState state, PodInfo pod, NodeInfo node);

  /// What a plugin says.
  sealed interface Permission {

    Permission ALLOWED = new Allowed();

    record Allowed() implements Permission {}

    record Denied(Rejection why) implements Permission {}

    /// @param atMost after this the Pod is rejected; fifteen minutes are the most there is
    record Wait(Duration atMost) implements Permission {}
  }
}
