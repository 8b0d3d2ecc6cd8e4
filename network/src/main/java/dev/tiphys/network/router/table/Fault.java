package dev.tiphys.network.router.table;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// What is done to requests on purpose, so that it can be seen how their callers take it. Both are
/// drawn for each request, independently of each other.
///
/// @param delayed how many requests of a hundred are held up
/// @param delay for how long
/// @param aborted how many requests of a hundred are not passed on
/// @param status with which they are answered
/// @param grpcStatus with which those of gRPC are answered; -1 if they are as all others
public record Fault(double delayed, Duration delay, double aborted, int status, int grpcStatus) {

  /// With nothing of its own for gRPC.
  public Fault(double delayed, Duration delay, double aborted, int status) {
    this(delayed, delay, aborted, status, -1);
  }

  /// Nothing is done.
  public static final Fault NONE = new Fault(0, Duration.ZERO, 0, 0);

  /// How long one request is held up.
  public Duration delay(RandomGenerator random) {
    return isDrawn(delayed, random) ? delay : Duration.ZERO;
  }

  /// Whether one request is not passed on.
  public boolean aborts(RandomGenerator random) {
    return isDrawn(aborted, random);
  }

  /// @param percent 0 for never, 100 for always
  static boolean isDrawn(double percent, RandomGenerator random) {
    return percent > 0 && random.nextDouble(100) < percent;
  }
}
