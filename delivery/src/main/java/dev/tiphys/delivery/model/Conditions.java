package dev.tiphys.delivery.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions in a Rollout's status.
public final class Conditions {

  public static final String AVAILABLE = "Available";
  public static final String PROGRESSING = "Progressing";
  public static final String PAUSED = "Paused";
  public static final String HEALTHY = "Healthy";
  public static final String COMPLETED = "Completed";
  public static final String INVALID_SPEC = "InvalidSpec";
  public static final String REPLICA_FAILURE = "ReplicaFailure";

  public static final String ABORTED = "RolloutAborted";
  public static final String TIMED_OUT = "ProgressDeadlineExceeded";

  private final StatusDraft status;
  private final Instant now;

  /// @param status whose conditions they are
  /// @param now when they are found to be so
  public Conditions(StatusDraft status, Instant now) {
    this.status = status;
    this.now = now;
  }

  public @Nullable Struct find(String type) {
    for (Struct condition : status.now().structs("conditions")) {
      if (condition.string("type").equals(type)) {
        return condition;
      }
    }
    return null;
  }

  public boolean hasReason(String type, String reason) {
    Struct condition = find(type);
    return condition != null && condition.string("reason").equals(reason);
  }

  /// Sets a condition. One that has the same status and reason already stays as it is, times
  /// included.
  public void set(String type, String value, String reason, String message) {
    Struct present = find(type);
    if (present == null
        || !present.string("status").equals(value)
        || !present.string("reason").equals(reason)) {
      renew(type, value, reason, message);
    }
  }

  /// Sets a condition even if it says the same as before, to tell that it was found so once more.
  public void renew(String type, String value, String reason, String message) {
    Struct present = find(type);
    String time = Timestamps.seconds(now);
    boolean same = present != null && present.string("status").equals(value);
    Struct condition =
        new StructBuilder()
            .add("type", type)
            .add("status", value)
            .add("reason", reason)
            .add("message", message)
            .add("lastUpdateTime", time)
            .add(
                "lastTransitionTime",
                same && present != null ? present.string("lastTransitionTime") : time)
            .build();
    List<Struct> all = others(type);
    all.add(condition);
    status.set(List.copyOf(all), "conditions");
  }

  public void remove(String type) {
    if (find(type) != null) {
      status.set(List.copyOf(others(type)), "conditions");
    }
  }

  private List<Struct> others(String type) {
    List<Struct> rest = new ArrayList<>();
    for (Struct condition : status.now().structs("conditions")) {
      if (!condition.string("type").equals(type)) {
        rest.add(condition);
      }
    }
    return rest;
  }
}
