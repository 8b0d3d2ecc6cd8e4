package dev.tiphys.delivery.bluegreen;

import dev.tiphys.delivery.model.BlueGreen;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.PauseReasons;
import java.time.Instant;

/// The wait before a preview is promoted: for a time, or for a person, who ends it by clearing the
/// pause conditions.
///
/// @param pass the look
record PromotionPause(Pass pass) {

  /// Begins the pause if it has not begun, and tells whether it is over.
  boolean isOver() {
    BlueGreen strategy = pass.rollout().blueGreen();
    StatusDraft status = pass.status();
    if (!strategy.pauses()) {
      return true;
    }
    Instant since = status.pausedSince(PauseReasons.BLUE_GREEN);
    if (since == null) {
      if (status.isControllerPaused()) {
        return true;
      }
      since = pass.now();
      status.pause(PauseReasons.BLUE_GREEN, since);
    }
    long seconds = strategy.autoPromotionSeconds();
    if (seconds == 0) {
      return false;
    }
    Instant end = since.plusSeconds(seconds);
    if (pass.now().isBefore(end)) {
      pass.lookAgain(end);
      return false;
    }
    status.endPause(PauseReasons.BLUE_GREEN);
    return true;
  }
}
