package dev.tiphys.controllers.nodettl;

import java.util.List;

/// How long nodes may keep what they have read: the longer the more of them there are, so that
/// large clusters are not asked more often.
///
/// A number of nodes near a limit does not change it to and fro: on the way down the limits are a
/// tenth lower.
///
/// Threads: one at a time.
final class CacheTtl {

  /// @param min from how many nodes on
  /// @param max up to how many
  private record Step(int min, int max, int seconds) {}

  private static final List<Step> STEPS =
      List.of(
          new Step(0, 100, 0),
          new Step(90, 500, 15),
          new Step(450, 1000, 30),
          new Step(900, 2000, 60),
          new Step(1800, Integer.MAX_VALUE, 300));

  private int step;

  /// The seconds for a cluster that now has so many nodes.
  int seconds(int nodes) {
    while (nodes > STEPS.get(step).max) {
      step++;
    }
    while (nodes < STEPS.get(step).min) {
      step--;
    }
    return STEPS.get(step).seconds;
  }
}
