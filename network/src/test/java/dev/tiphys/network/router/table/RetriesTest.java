package dev.tiphys.network.router.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {

  /// Pauses are drawn between nothing and a longest one, which grows with each try.
  @ParameterizedTest
  @CsvSource({"25, 1, 25", "25, 2, 75", "25, 3, 175", "25, 4, 250", "25, 60, 250", "0, 3, 0"})
  void pausesGrowUpToTenTimes(int first, int tries, int longest) {
    Retries retries = new Retries(9, Set.of(), Set.of(), Set.of(), Duration.ofMillis(first));
    SplittableRandom random = new SplittableRandom(1);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 1000; i++) {
      Duration pause = retries.pause(tries, random);
      most = pause.compareTo(most) > 0 ? pause : most;
    }
    assertThat(most).isBetween(Duration.ofMillis(longest * 9L / 10), Duration.ofMillis(longest));
  }
}
