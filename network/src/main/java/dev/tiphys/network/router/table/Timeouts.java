package dev.tiphys.network.router.table;

import java.time.Duration;

/// How long a backend may take. They are kept to within some 50 ms; zero stands for no limit.
///
/// @param whole from the head of the request to the end of the response, all tries together
/// @param perTry for one try, up to the head of the response
/// @param idle without anything from the backend, once the whole request was sent
public record Timeouts(Duration whole, Duration perTry, Duration idle) {

  /// Those of nginx.
  public static final Timeouts USUAL =
      new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(60));
}
