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
final class Postponed {
  private final Map<String, Start> starts = new HashMap<>();
  private @Nullable Instant everything;

  private record Start(Waiting reason, Instant until) {}

  /// A container could not be started.
  void start(String container, Waiting reason, Instant until) {
    starts.put(container, new Start(reason, until));
  }

  /// A container was started.
  void started(String container) {
    starts.remove(container);
  }

  /// Nothing can be done for the whole Pod.
  void everything(Instant until) {
    everything = until;
  }

  /// Things for the whole Pod can be tried again at once.
  void hurry() {
    everything = null;
  }

  boolean isEverything(Instant now) {
    return everything != null && everything.isAfter(now);
  }

  boolean isStart(String container, Instant now) {
    Start start = starts.get(container);
    return start != null && start.until.isAfter(now);
  }

  /// Why containers wait, by name.
  Map<String, Waiting> reasons() {
    Map<String, Waiting> reasons = new HashMap<>();
    starts.forEach((name, start) -> reasons.put(name, start.reason));
    return reasons;
  }

  /// How long it is until the next thing may be tried again, `otherwise` at most.
  Duration next(Instant now, Duration otherwise) {
    Duration next = otherwise;
    for (Start start : starts.values()) {
      next = earlier(next, now, start.until);
    }
    return everything == null ? next : earlier(next, now, everything);
  }

  private static Duration earlier(Duration span, Instant now, Instant until) {
    Duration left = Duration.between(now, until);
    return left.isPositive() && left.compareTo(span) < 0 ? left : span;
  }
}
