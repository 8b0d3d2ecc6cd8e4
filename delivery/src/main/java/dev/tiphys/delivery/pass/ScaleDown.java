package dev.tiphys.delivery.pass;

import dev.tiphys.delivery.model.ReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the Pods of ReplicaSets that nothing uses any more.
///
/// @param pass the look that it is done for
/// @param delay how long each keeps its Pods
/// @param revisions how many of the newest ones do; null for all
public record ScaleDown(Pass pass, Duration delay, @Nullable Long revisions) {

  /// @param unused those that neither the status nor a Service refers to
  public void run(List<ReplicaSet> unused) {
    List<ReplicaSet> live =
        unused.stream()
            .filter(set -> set.replicas() > 0)
            .sorted(ReplicaSet.BY_REVISION.reversed())
            .toList();
    for (int i = 0; i < live.size(); i++) {
      boolean waits = delay.isPositive() && (revisions == null || i < revisions);
      if (waits) {
        atDeadline(pass, live.get(i), delay);
      } else {
        pass.scale(live.get(i), 0);
      }
    }
  }

  /// Takes the Pods of one ReplicaSet at its deadline, which is set now if it has none.
  public static void atDeadline(Pass pass, ReplicaSet set, Duration delay) {
    if (!set.hasDeadline()) {
      pass.expire(set, delay);
      pass.lookAgain(pass.now().plus(delay).plusSeconds(1)); // whole seconds are noted
      return;
    }
    Instant deadline = set.deadline();
    if (deadline == null || !pass.now().isBefore(deadline)) {
      pass.scale(set, 0);
    } else {
      pass.lookAgain(deadline);
    }
  }
}
