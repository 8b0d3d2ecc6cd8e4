package dev.tiphys.network.router.backends;

import java.time.Duration;

/// When an endpoint that fails gets no requests for a while.
///
/// @param failures how many in a row
/// @param span for how long the first time; each further time it is that much longer
/// @param mostPercent how many of a backend's endpoints may be ejected at once
/// @param ofGateway whether only 502, 503, 504 and broken connections count, not all of 5xx
public record Ejection(int failures, Duration span, int mostPercent, boolean ofGateway) {

  /// Where all statuses from 500 on are failures.
  public Ejection(int failures, Duration span, int mostPercent) {
    this(failures, span, mostPercent, false);
  }

  /// Whether a response counts as a failure.
  public boolean isFailure(int status) {
    return ofGateway ? status >= 502 && status <= 504 : status >= 500;
  }

  /// None is ever ejected.
  public static final Ejection NEVER = new Ejection(Integer.MAX_VALUE, Duration.ZERO, 0);
}
