package dev.tiphys.controllers.daemonset;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// When the Pods of a DaemonSet that have ended are deleted, so that their nodes get new ones: at
/// once the first time, and later and later where they fail again and again.
///
/// Threads: any.
final class EndedPods {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private final World world;
  private final EventRecorder events;
  private final Map<Place, Wait> waits = new HashMap<>();

  private record Place(String set, String node) {}

  /// @param since when a Pod was last deleted there
  private record Wait(long since, Duration length) {}

  EndedPods(World world, EventRecorder events) {
    this.world = world;
    this.events = events;
  }

  /// How long a Pod stays; zero if it is to go now, which is told then.
  synchronized Duration stay(DaemonSet set, Struct pod) {
    if (pod.string("status", "phase").equals("Succeeded")) {
      events.normal(
          set.object(),
          "SucceededDaemonPod",
          "Found succeeded daemon pod " + where(pod) + ", will try to delete it");
      return Duration.ZERO;
    }
    long now = world.nanoTime();
    waits.values().removeIf(wait -> now - wait.since > 2 * LONGEST.toNanos());
    Place place = new Place(set.meta().uid(), DaemonPods.nodeOf(pod));
    Wait last = waits.get(place);
    if (last != null) {
      Duration left = last.length.minusNanos(now - last.since);
      if (left.isPositive()) {
        return left;
      }
    }
    waits.put(place, next(last, now));
    events.warning(
        set.object(),
        "FailedDaemonPod",
        "Found failed daemon pod " + where(pod) + ", will try to kill it");
    return Duration.ZERO;
  }

  private static String where(Struct pod) {
    Meta meta = Meta.of(pod);
    return meta.namespace() + "/" + meta.name() + " on node " + DaemonPods.nodeOf(pod);
  }

  private static Wait next(@Nullable Wait last, long now) {
    if (last == null) {
      return new Wait(now, FIRST);
    }
    Duration doubled = last.length.multipliedBy(2);
    return new Wait(now, doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
  }
}
