package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What could not be done for a Pod, and is not tried again for a while.
///
/// Threads: the Pod's worker.
final class Rests {
  private final Map<String, Rest> containers = new HashMap<>();
  private @Nullable Instant pod;

  private record Rest(Waiting why, Instant until) {}

  /// A container could not be started.
  void rest(String container, Waiting why, Instant until) {
    containers.put(container, new Rest(why, until));
  }

  /// A container was started.
  void forget(String container) {
    containers.remove(container);
  }

  /// Nothing can be done for the whole Pod.
  void rest(Instant until) {
    pod = until;
  }

  boolean resting(Instant now) {
    return pod != null && pod.isAfter(now);
  }

  boolean resting(String container, Instant now) {
    Rest rest = containers.get(container);
    return rest != null && rest.until.isAfter(now);
  }

  /// Why containers wait, by name.
  Map<String, Waiting> reasons() {
    Map<String, Waiting> reasons = new HashMap<>();
    containers.forEach((name, rest) -> reasons.put(name, rest.why));
    return reasons;
  }

  /// How long it is until the next one has rested, `otherwise` at most.
  Duration next(Instant now, Duration otherwise) {
    Duration next = otherwise;
    for (Rest rest : containers.values()) {
      next = earlier(next, now, rest.until);
    }
    return pod == null ? next : earlier(next, now, pod);
  }

  private static Duration earlier(Duration span, Instant now, Instant until) {
    Duration left = Duration.between(now, until);
    return left.isPositive() && left.compareTo(span) < 0 ? left : span;
  }
}
