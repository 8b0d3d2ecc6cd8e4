package dev.tiphys.network.health;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// When the kernel came to have the rules that a revision of Services or EndpointSlices wants.
///
/// Costs one small record for each transaction, however many changes it makes; the oldest are
/// forgotten.
///
/// Threads: any.
public final class LiveChanges {
  private static final int KEPT = 8192;

  private final Deque<Change> changes = new ArrayDeque<>();

  /// @param services the newest revision of a Service that was in force
  /// @param slices the newest revision of a slice that was
  private record Change(long services, long slices, Instant at) {
    boolean includes(long service, long slice) {
      return services >= service && slices >= slice;
    }
  }

  /// The rules are as these revisions want.
  public synchronized void add(long services, long slices, Instant now) {
    Change last = changes.peekLast();
    if (last != null && last.includes(services, slices)) {
      return;
    }
    if (changes.size() == KEPT) {
      changes.removeFirst();
    }
    changes.addLast(new Change(services, slices, now));
  }

  /// When it was so for the first time; null if it is not so yet.
  private synchronized @Nullable Change first(long service, long slice) {
    for (Change change : changes) {
      if (change.includes(service, slice)) {
        return change;
      }
    }
    return null;
  }

  private synchronized boolean isOldest(Change change) {
    return change == changes.peekFirst();
  }

  /// What a trace is told: the time `now` here; `at`, when both revisions were in force for the
  /// first time, if they are; `earlier`, whether that may have been before `at`, which is as far
  /// back as is known.
  Struct answer(long service, long slice, Instant now) {
    Struct answer = Struct.of("now", Timestamps.micros(now));
    Change first = first(service, slice);
    return first == null
        ? answer
        : answer.with("at", Timestamps.micros(first.at())).with("earlier", isOldest(first));
  }
}
