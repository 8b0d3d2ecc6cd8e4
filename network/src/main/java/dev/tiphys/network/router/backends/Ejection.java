package dev.tiphys.network.router.backends;

import java.time.Duration;

/// When an endpoint that fails gets no requests for a while.
///
/// @param failures how many in a row
/// @param span for how long the first time; each further time it is that much longer
/// @param mostPercent how many of a backend's endpoints may be ejected at once
public record Ejection(int failures, Duration span, int mostPercent) {

  /// None is ever ejected.
  public static final Ejection NEVER = new Ejection(Integer.MAX_VALUE, Duration.ZERO, 0);
}
