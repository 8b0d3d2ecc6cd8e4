package dev.tiphys.network.router.proxy;

import java.time.Duration;

/// How clients are served.
///
/// @param loops how many threads move bytes
/// @param largestHead how many bytes the head of a request may have
/// @param headTimeout how long the head of a request may take
/// @param idleTimeout how long a connection may rest between requests
/// @param poolTimeout how long a connection to an endpoint is kept without a request
/// @param lingering how long a client that still sends may take to read the last response
/// @param trustForwarded whether what a request says it was forwarded for is believed: only if all
///   clients are proxies
public record RouterSettings(
    int loops,
    int largestHead,
    Duration headTimeout,
    Duration idleTimeout,
    Duration poolTimeout,
    Duration lingering,
    boolean trustForwarded) {

  /// Those of nginx, but for the threads and the lingering, which is shorter.
  public static RouterSettings usual(int loops) {
    return new RouterSettings(
        loops,
        32 << 10,
        Duration.ofSeconds(60),
        Duration.ofSeconds(75),
        Duration.ofSeconds(60),
        Duration.ofSeconds(2),
        false);
  }
}
