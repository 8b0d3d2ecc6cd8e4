package dev.tiphys.network.router.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.world.VirtualWorld;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shares of requests.
class SplitTest {

  private final VirtualWorld world = new VirtualWorld(1);

  /// How many of 10,000 requests go to the second of two backends lies within five standard
  /// deviations of what its weight says.
  @ParameterizedTest
  @CsvSource({"100, 0", "90, 10", "50, 50", "0, 100", "2, 1", "1, 999"})
  void eachBackendGetsItsWeight(int first, int second) {
    Backend one = new Backend(world, "one", BackendPolicy.USUAL);
    Backend other = new Backend(world, "other", BackendPolicy.USUAL);
    Split split = new Split(List.of(new Split.Share(one, first), new Split.Share(other, second)));
    int requests = 10_000;
    int got = 0;
    for (int i = 0; i < requests; i++) {
      got += Objects.requireNonNull(split.choose(world.random())).backend() == other ? 1 : 0;
    }
    double share = (double) second / (first + second);
    double deviation = Math.sqrt(requests * share * (1 - share));
    assertThat((double) got)
        .isBetween(requests * share - 5 * deviation, requests * share + 5 * deviation);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void withoutAnyWeightThereIsNoBackend(int count) {
    Split.Share none = new Split.Share(new Backend(world, "", BackendPolicy.USUAL), 0);
    assertThat(new Split(java.util.Collections.nCopies(count, none)).choose(world.random()))
        .isNull();
  }
}
