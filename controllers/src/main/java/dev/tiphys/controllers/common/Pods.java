package dev.tiphys.controllers.common;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What controllers ask about Pods.
public final class Pods {

  private Pods() {}

  /// Whether it has ended for good.
  public static boolean isTerminal(Struct pod) {
    String phase = pod.string("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /// Whether it counts as one of its owner's: it has not ended, and is not meant to.
  public static boolean isActive(Struct pod) {
    return !isTerminal(pod) && !Meta.of(pod).isBeingDeleted();
  }

  /// Whether it is on its way out, and still there.
  public static boolean isTerminating(Struct pod) {
    return !isTerminal(pod) && Meta.of(pod).isBeingDeleted();
  }

  public static boolean isReady(Struct pod) {
    return Meta.isTrue(pod, "Ready");
  }

  /// Since when it has been ready; null if it is not.
  public static @Nullable Instant readySince(Struct pod) {
    Struct ready = Meta.condition(pod, "Ready");
    return ready == null || !ready.string("status").equals("True")
        ? null
        : Timestamps.of(ready.get("lastTransitionTime"));
  }

  /// When it counts as available, having been ready for long enough; null if it is not ready.
  public static @Nullable Instant availableFrom(Struct pod, long minReadySeconds) {
    if (!isReady(pod)) {
      return null;
    }
    if (minReadySeconds == 0) {
      return Instant.EPOCH;
    }
    Instant since = readySince(pod);
    return since == null ? null : since.plus(Duration.ofSeconds(minReadySeconds));
  }

  /// How often its containers have been started again.
  public static long restarts(Struct pod) {
    long most = 0;
    for (Struct container : pod.structs("status", "containerStatuses")) {
      most = Math.max(most, container.integer("restartCount"));
    }
    return most;
  }
}
