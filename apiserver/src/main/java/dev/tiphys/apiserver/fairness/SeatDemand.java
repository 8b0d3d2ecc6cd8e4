package dev.tiphys.apiserver.fairness;

/// How many seats a level needed over a while: those that were taken and those that were waited
/// for.
///
/// Threads: one at a time.
final class SeatDemand {

  /// Half of what was needed is forgotten after five minutes, at a look every ten seconds.
  private static final double SMOOTHING = 0.977;

  private long since;
  private long changedAt;
  private double current;
  private double sum; // seat-nanoseconds
  private double squares;
  private double highest;
  private double smoothed;

  SeatDemand(long now) {
    since = now;
    changedAt = now;
  }

  void change(long now, int seats) {
    pass(now);
    current = seats;
    highest = Math.max(highest, seats);
  }

  private void pass(long now) {
    double span = now - changedAt;
    sum += current * span;
    squares += current * current * span;
    changedAt = now;
  }

  /// What was needed since the last look.
  ///
  /// @param highest the most that was needed at once
  /// @param smoothed what is to be expected
  record Look(double highest, double smoothed) {}

  Look look(long now) {
    pass(now);
    double span = Math.max(1, now - since);
    double average = sum / span;
    double deviation = Math.sqrt(Math.max(0, squares / span - average * average));
    double envelope = average + deviation;
    smoothed = Math.max(envelope, SMOOTHING * smoothed + (1 - SMOOTHING) * envelope);
    Look look = new Look(highest, smoothed);
    since = now;
    sum = 0;
    squares = 0;
    highest = current;
    return look;
  }
}
