package dev.tiphys.network.router.backends;

/// By what an endpoint is chosen.
public enum Balancing {
  /// One after the other.
  ROUND_ROBIN,
  /// The one with fewer requests of two that are drawn.
  LEAST_REQUEST,
  /// Any.
  RANDOM,
  /// The same for the same hash: when endpoints come or go, only their share of the hashes moves.
  HASH
}
