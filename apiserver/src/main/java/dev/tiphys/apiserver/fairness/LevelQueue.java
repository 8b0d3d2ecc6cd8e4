package dev.tiphys.apiserver.fairness;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/// One queue of a level. Guarded by the level's lock.
final class LevelQueue {

  /// How long a request is taken to last, until it is known.
  static final double USUAL_SECONDS = 0.003;

  final Deque<Waiting> waiting = new ArrayDeque<>();
  final Set<Waiting> executing = new LinkedHashSet<>();

  /// The work, in seat-seconds, at which its next request would have its turn if all queues were
  /// served evenly.
  double nextTurn;

  int seatsInUse;
  int seatsWaiting;

  boolean isIdle() {
    return waiting.isEmpty() && executing.isEmpty();
  }

  static double usualWork(Waiting request) {
    return request.ticket.work().seatSeconds(USUAL_SECONDS);
  }

  /// A queue that had nothing to do does not save its turns up.
  void forgoTurns() {
    Waiting oldest = waiting.peekFirst();
    if (oldest != null) {
      nextTurn = Math.max(nextTurn, oldest.arrivalWork);
    }
  }
}
