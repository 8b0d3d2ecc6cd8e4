package dev.tiphys.monitoring.server;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Conditions, as objects of this group have them.
public final class Conditions {

  private Conditions() {}

  /// A condition without the time of its last transition, which [#timed] gives it.
  public static Struct of(
      String type, String status, String reason, String message, long generation) {
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .addUnlessEmpty("reason", reason)
        .addUnlessEmpty("message", message)
        .add("observedGeneration", generation)
        .build();
  }

  /// Conditions with the times of their last transitions: of those whose status is as it was, the
  /// time stays.
  public static List<Struct> timed(List<Struct> wanted, List<Struct> before, Instant now) {
    List<Struct> all = new ArrayList<>();
    for (Struct each : wanted) {
      String time =
          before.stream()
              .filter(one -> one.string("type").equals(each.string("type")))
              .filter(one -> one.string("status").equals(each.string("status")))
              .map(one -> one.string("lastTransitionTime"))
              .findFirst()
              .orElseGet(() -> Timestamps.seconds(now));
      all.add(each.with("lastTransitionTime", time));
    }
    return List.copyOf(all);
  }
}
