package dev.tiphys.delivery.status;

import dev.tiphys.object.Struct;
import java.util.List;

/// Whether an update came further between two states of a status. Pure.
final class Progress {

  private static final List<List<String>> MARKS =
      List.of(
          List.of("blueGreen", "activeSelector"),
          List.of("blueGreen", "previewSelector"),
          List.of("stableRS"),
          List.of("currentStepHash"));

  private Progress() {}

  static boolean isMade(Struct before, Struct now) {
    return before.integer("updatedReplicas") != now.integer("updatedReplicas")
        || old(now) < old(before)
        || now.integer("readyReplicas") > before.integer("readyReplicas")
        || now.integer("availableReplicas") > before.integer("availableReplicas")
        || before.integer("currentStepIndex") != now.integer("currentStepIndex")
        || MARKS.stream().anyMatch(mark -> !text(before, mark).equals(text(now, mark)));
  }

  private static long old(Struct status) {
    return status.integer("replicas") - status.integer("updatedReplicas");
  }

  private static String text(Struct status, List<String> path) {
    return status.string(path.toArray(String[]::new));
  }
}
