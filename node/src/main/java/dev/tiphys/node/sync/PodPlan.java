package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to do for a Pod now.
///
/// @param actions in order
/// @param waiting containers that must rest before they are started again, by name
/// @param again when to plan anew even if nothing happens; null for never
record PodPlan(List<PodAction> actions, Map<String, Waiting> waiting, @Nullable Instant again) {
  PodPlan {
    actions = List.copyOf(actions);
    waiting = Map.copyOf(waiting);
  }
}
