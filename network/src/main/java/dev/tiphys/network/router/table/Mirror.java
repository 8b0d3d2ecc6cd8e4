package dev.tiphys.network.router.table;

import dev.tiphys.network.router.backends.Backend;
import java.util.random.RandomGenerator;

/// Where copies of requests are sent. What they are answered is not looked at, and the requests
/// themselves don't wait for them.
///
/// @param percent of how many requests of a hundred
public record Mirror(Backend backend, double percent) {

  /// Whether one request is copied.
  public boolean isDrawn(RandomGenerator random) {
    return Fault.isDrawn(percent, random);
  }
}
