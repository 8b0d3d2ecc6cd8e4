package dev.tiphys.controllers.devicetaints;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long a claim may be used although devices of it have taints. Pure.
final class DeviceTaints {

  private static final String NO_EXECUTE = "NoExecute";

  private DeviceTaints() {}

  /// The taints of a device that evict.
  static List<Struct> evicting(Struct device) {
    return device.structs("taints").stream().filter(DeviceTaints::evicts).toList();
  }

  /// Whether a taint is one that evicts.
  static boolean evicts(Struct taint) {
    return taint.string("effect").equals(NO_EXECUTE);
  }

  /// When the use of a device must end; null if it may go on.
  ///
  /// @param taints of the device
  /// @param tolerations of the claim, for that device
  /// @param seen since when a taint counts that does not say
  static @Nullable Instant end(List<Struct> taints, List<Struct> tolerations, Instant seen) {
    Instant first = null;
    for (Struct taint : taints) {
      first = earlier(first, endBy(taint, tolerations, seen));
    }
    return first;
  }

  /// The earlier of two times, of which null is the latest.
  static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  private static @Nullable Instant endBy(Struct taint, List<Struct> tolerations, Instant seen) {
    Instant time = Timestamps.of(taint.get("timeAdded"));
    Instant added = time == null ? seen : time;
    long seconds = Long.MAX_VALUE;
    for (Struct toleration : tolerations) {
      if (toleration.string("effect").equals(NO_EXECUTE) && tolerates(toleration, taint)) {
        if (!toleration.has("tolerationSeconds")) {
          return null;
        }
        seconds = Math.min(seconds, Math.max(0, toleration.integer("tolerationSeconds")));
      }
    }
    return seconds == Long.MAX_VALUE ? added : added.plusSeconds(seconds);
  }

  private static boolean tolerates(Struct toleration, Struct taint) {
    String key = toleration.string("key");
    if (!key.isEmpty() && !key.equals(taint.string("key"))) {
      return false;
    }
    return toleration.string("operator").equals("Exists")
        || toleration.string("value").equals(taint.string("value"));
  }
}
