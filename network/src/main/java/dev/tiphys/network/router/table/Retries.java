package dev.tiphys.network.router.table;

import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/// When a request is tried again with another endpoint. It never is when some of the response has
/// been passed on, or when some of the request is no longer there to be sent again.
///
/// @param tries how many at most, the first one included
/// @param pause before the second try, at most; it doubles with each further one, up to ten times
///   as long. Zero for none
public record Retries(
    int tries, Set<On> on, Set<Integer> statuses, Set<Integer> grpcStatuses, Duration pause) {

  /// What went wrong.
  public enum On {
    /// No connection to the endpoint was made, so it has seen nothing of the request.
    CONNECT,
    /// The connection broke before a response came, or the try took too long. Then the endpoint may
    /// have acted on the request, so only idempotent ones are tried again (RFC 9110, 9.2.2).
    BROKEN,
    /// The same, for requests of all methods: their sender has said that the endpoints stand it.
    RESET
  }

  /// Up to three tries, for what a connection that fails does.
  public static final Retries OF_CONNECTIONS =
      new Retries(3, Set.of(On.CONNECT, On.BROKEN), Set.of());

  /// One try.
  public static final Retries NONE = new Retries(1, Set.of(), Set.of());

  /// @param statuses those of responses that are not passed on while there are tries left
  /// @param grpcStatuses the same for those of gRPC, where they stand in the head of the response
  public Retries {
    on = Set.copyOf(on);
    statuses = Set.copyOf(statuses);
    grpcStatuses = Set.copyOf(grpcStatuses);
  }

  /// Without those for gRPC.
  public Retries(int tries, Set<On> on, Set<Integer> statuses) {
    this(tries, on, statuses, Set.of(), Duration.ZERO);
  }

  /// How long to wait before one more try. Drawn, so that requests that failed together do not come
  /// back together.
  ///
  /// @param made how many tries there were
  public Duration pause(int made, RandomGenerator random) {
    if (pause.isZero()) {
      return Duration.ZERO;
    }
    long longest = Math.min(10, (1L << Math.min(made, 10)) - 1) * pause.toNanos();
    return Duration.ofNanos(random.nextLong(longest));
  }

  /// Whether a request is tried again for what went wrong.
  public boolean isFor(On what, boolean idempotent) {
    return what == On.CONNECT
        ? on.contains(what)
        : on.contains(On.RESET) || idempotent && on.contains(what);
  }

  /// Whether a request is tried again for what was responded.
  ///
  /// @param grpcStatus -1 if there is none
  public boolean isFor(int status, int grpcStatus) {
    return statuses.contains(status) || grpcStatuses.contains(grpcStatus);
  }
}
