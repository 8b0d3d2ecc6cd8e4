package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether the devices of a claim are ready for its Pods to be bound: drivers say so in conditions.
/// Pure.
sealed interface Readiness {

  record Ready() implements Readiness {}

  record Pending() implements Readiness {}

  /// @param problem in upstream's words
  record Failed(String problem) implements Readiness {}

  static Readiness of(Struct claim) {
    for (Struct result : claim.structs("status", "allocation", "devices", "results")) {
      if (result.list("bindingConditions").isEmpty()) {
        continue;
      }
      Struct device = device(claim, result);
      if (device == null) {
        return new Pending();
      }
      for (String type : result.strings("bindingFailureConditions")) {
        Struct condition = condition(device, type);
        if (condition != null && condition.string("status").equals("True")) {
          return new Failed(
              "claim %s binding failed: reason=%s, message=\"%s\""
                  .formatted(
                      Meta.of(claim).name(),
                      condition.string("reason"),
                      condition.string("message")));
        }
      }
      for (String type : result.strings("bindingConditions")) {
        Struct condition = condition(device, type);
        if (condition == null || !condition.string("status").equals("True")) {
          return new Pending();
        }
      }
    }
    return new Ready();
  }

  private static @Nullable Struct device(Struct claim, Struct result) {
    for (Struct device : claim.structs("status", "devices")) {
      if (device.string("driver").equals(result.string("driver"))
          && device.string("pool").equals(result.string("pool"))
          && device.string("device").equals(result.string("device"))
          && device.string("shareID").equals(result.string("shareID"))) {
        return device;
      }
    }
    return null;
  }

  private static @Nullable Struct condition(Struct device, String type) {
    return device.structs("conditions").stream()
        .filter(condition -> condition.string("type").equals(type))
        .findFirst()
        .orElse(null);
  }

  /// Whether a claim has devices that may have to be waited for.
  static boolean isConditional(Struct claim) {
    return claim.structs("status", "allocation", "devices", "results").stream()
        .anyMatch(result -> !result.list("bindingConditions").isEmpty());
  }

  /// Whether its devices are not ready though they have had the time to become so.
  static boolean isLate(Struct claim, Duration patience, Instant now) {
    Instant allocated = Timestamps.of(claim.get("status", "allocation", "allocationTimestamp"));
    return allocated != null
        && isConditional(claim)
        && of(claim) instanceof Pending
        && !now.isBefore(allocated.plus(patience));
  }
}
