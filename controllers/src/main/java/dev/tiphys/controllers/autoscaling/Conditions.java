package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The conditions of an autoscaler, while they are worked out.
///
/// Threads: one.
final class Conditions {

  static final String ABLE_TO_SCALE = "AbleToScale";
  static final String SCALING_ACTIVE = "ScalingActive";
  static final String SCALING_LIMITED = "ScalingLimited";

  private final Instant now;
  private final List<Struct> conditions;

  /// @param present those it has
  Conditions(List<Struct> present, Instant now) {
    this.conditions = new ArrayList<>(present);
    this.now = now;
  }

  List<Struct> all() {
    return List.copyOf(conditions);
  }

  void put(String type, boolean status, String reason, String message) {
    int place = placeOf(type);
    Struct before = place < 0 ? Struct.of("type", type) : conditions.get(place);
    String text = status ? "True" : "False";
    StructBuilder condition =
        StructBuilder.from(before)
            .add("status", text)
            .add("reason", reason)
            .add("message", message);
    if (!before.string("status").equals(text)) {
      condition.add("lastTransitionTime", Timestamps.seconds(now));
    }
    if (place < 0) {
      conditions.add(condition.build());
    } else {
      conditions.set(place, condition.build());
    }
  }

  private int placeOf(String type) {
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i).string("type").equals(type)) {
        return i;
      }
    }
    return -1;
  }
}
