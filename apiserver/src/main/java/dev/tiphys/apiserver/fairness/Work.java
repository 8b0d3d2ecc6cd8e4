package dev.tiphys.apiserver.fairness;

import java.time.Duration;

/// How much work a request is, as far as that is known before it is served.
///
/// @param seats how many it takes while it is served
/// @param later how many it takes when it has been served, while watchers are told of it
/// @param after for how long that is; its client does not wait for it
record Work(int seats, int later, Duration after) {

  private static final double WATCHERS_OF_A_SEAT = 10;
  private static final Duration TELLING = Duration.ofMillis(5);
  private static final int MOST = 10;
  private static final double NANOS = 1e9;

  /// Work that ends with the request.
  static Work of(int seats) {
    return new Work(seats, 0, Duration.ZERO);
  }

  /// A write, of which watchers are told: each is a tenth of a seat for a moment. A request that
  /// would take too many seats takes fewer of them for longer.
  ///
  /// @param watchers how many look at what is written
  /// @param most how many seats one request may take
  static Work ofWrite(int watchers, int most) {
    if (watchers < WATCHERS_OF_A_SEAT) {
      return of(1);
    }
    int all = (int) Math.ceil(watchers / WATCHERS_OF_A_SEAT);
    int later = Math.clamp(all, 1, Math.clamp(most, 1, MOST));
    return new Work(1, later, TELLING.multipliedBy(all).dividedBy(later));
  }

  /// How many seats are kept for it, from its turn until it is over.
  int most() {
    return Math.max(seats, later);
  }

  /// The work in seat-seconds, if it is served within `seconds`.
  double seatSeconds(double seconds) {
    return seats * seconds + later * (after.toNanos() / NANOS);
  }
}
