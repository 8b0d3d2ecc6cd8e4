package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits for what becomes so by itself.
final class Await {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Await() {}

  /// Looks again and again until what is seen is as it should be, and returns it.
  static <T> T until(String what, Supplier<T> look, Predicate<T> condition) {
    Instant end = Instant.now().plus(PATIENCE);
    T seen = look.get();
    while (!condition.test(seen)) {
      assertThat(Instant.now()).as("%s, but there is: %s", what, seen).isBefore(end);
      seen = look.get();
    }
    return seen;
  }
}
