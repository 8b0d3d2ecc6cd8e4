package dev.tiphys.controllers.deployment;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions in a Deployment's status.
final class Conditions {

  static final String AVAILABLE = "Available";
  static final String PROGRESSING = "Progressing";
  static final String REPLICA_FAILURE = "ReplicaFailure";

  private Conditions() {}

  static Struct of(String type, String status, String reason, String message, Instant now) {
    String time = Timestamps.seconds(now);
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .add("reason", reason)
        .add("message", message)
        .add("lastUpdateTime", time)
        .add("lastTransitionTime", time)
        .build();
  }

  static @Nullable Struct find(Struct status, String type) {
    for (Struct condition : status.structs("conditions")) {
      if (condition.string("type").equals(type)) {
        return condition;
      }
    }
    return null;
  }

  static boolean hasReason(Struct status, String type, String reason) {
    Struct condition = find(status, type);
    return condition != null && condition.string("reason").equals(reason);
  }

  /// `status` with a condition. One that says the same already stays as it is, times included.
  static Struct with(Struct status, Struct condition) {
    Struct present = find(status, condition.string("type"));
    if (present == null) {
      return replaced(status, condition);
    }
    boolean sameStatus = present.string("status").equals(condition.string("status"));
    if (sameStatus && present.string("reason").equals(condition.string("reason"))) {
      return status;
    }
    return replaced(status, sameStatus ? since(condition, present) : condition);
  }

  /// `status` with a condition that is written anew even if it says the same as before, to tell
  /// that it was found so once more.
  static Struct renewed(Struct status, Struct condition) {
    Struct present = find(status, condition.string("type"));
    boolean sameStatus =
        present != null && present.string("status").equals(condition.string("status"));
    return replaced(status, sameStatus && present != null ? since(condition, present) : condition);
  }

  private static Struct since(Struct condition, Struct present) {
    return condition.with("lastTransitionTime", present.string("lastTransitionTime"));
  }

  private static Struct replaced(Struct status, Struct condition) {
    List<Struct> all = others(status, condition.string("type"));
    all.add(condition);
    return status.with("conditions", List.copyOf(all));
  }

  static Struct without(Struct status, String type) {
    if (find(status, type) == null) {
      return status;
    }
    List<Struct> rest = others(status, type);
    return rest.isEmpty()
        ? status.without("conditions")
        : status.with("conditions", List.copyOf(rest));
  }

  private static List<Struct> others(Struct status, String type) {
    List<Struct> rest = new ArrayList<>();
    for (Struct condition : status.structs("conditions")) {
      if (!condition.string("type").equals(type)) {
        rest.add(condition);
      }
    }
    return rest;
  }
}
