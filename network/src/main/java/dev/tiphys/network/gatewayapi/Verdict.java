package dev.tiphys.network.gatewayapi;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Whether something holds of an object, and why: what becomes a condition of its status.
record Verdict(String type, boolean holds, String reason, String message) {

  static Verdict yes(String type, String reason) {
    return new Verdict(type, true, reason, "");
  }

  static Verdict no(String type, String reason, String message) {
    return new Verdict(type, false, reason, message);
  }

  /// As conditions. One that says what it said keeps its time.
  ///
  /// @param generation of the object that was looked at
  /// @param present the conditions that there are
  /// @param now as objects hold it
  static List<Struct> conditions(
      List<Verdict> verdicts, long generation, List<Struct> present, String now) {
    List<Struct> conditions = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      String status = verdict.holds ? "True" : "False";
      String since = now;
      for (Struct each : present) {
        if (each.string("type").equals(verdict.type) && each.string("status").equals(status)) {
          since = each.string("lastTransitionTime");
        }
      }
      conditions.add(
          Struct.of("type", verdict.type, "status", status)
              .with("reason", verdict.reason)
              .with("message", verdict.message)
              .with("observedGeneration", generation)
              .with("lastTransitionTime", since));
    }
    return conditions;
  }
}
