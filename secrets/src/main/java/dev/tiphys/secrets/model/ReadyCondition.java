package dev.tiphys.secrets.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Conditions as these kinds have them.
public final class ReadyCondition {

  private ReadyCondition() {}

  /// A status with its condition Ready set. When it last changed is kept while its value stays.
  public static Struct in(Struct status, String value, String reason, String message, Instant now) {
    return in(status, "Ready", value, reason, message, now);
  }

  /// A status with a condition set.
  public static Struct in(
      Struct status, String type, String value, String reason, String message, Instant now) {
    List<Struct> conditions = new ArrayList<>();
    String since = Timestamps.seconds(now);
    for (Struct condition : status.structs("conditions")) {
      if (!condition.string("type").equals(type)) {
        conditions.add(condition);
      } else if (condition.string("status").equals(value)) {
        since = condition.string("lastTransitionTime");
      }
    }
    conditions.add(
        new StructBuilder()
            .add("type", type)
            .add("status", value)
            .add("reason", reason)
            .add("message", message)
            .add("lastTransitionTime", since)
            .build());
    return status.with("conditions", conditions);
  }
}
