package dev.tiphys.delivery.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutedSizesTest {

  @ParameterizedTest
  @CsvSource({
    // replicas, minPods, dynamic, weight, live, fixed -> canary, stable
    "10, 1, false, 25, 0, , 3, 10",
    "10, 1, false, 0, 0, , 0, 10",
    "10, 1, false, 0, 40, , 4, 10",
    "10, 1, false, 10, 10, 5, 5, 10",
    "10, 3, false, 10, 10, , 3, 10",
    "10, 1, true, 40, 0, , 4, 10",
    "10, 1, true, 40, 40, , 4, 6",
    "10, 1, true, 100, 100, , 10, 0",
    "10, 1, true, 20, 60, , 6, 8",
    "10, 2, true, 95, 95, , 10, 2",
    "0, 1, true, 50, 0, , 0, 0",
  })
  void theSizes(
      long replicas,
      long minPods,
      boolean dynamic,
      long weight,
      long live,
      Long fixed,
      long canary,
      long stable) {
    assertThat(new RoutedSizes(replicas, 100, minPods, dynamic).of(weight, live, fixed))
        .isEqualTo(new Sizes(canary, stable));
  }

  @ParameterizedTest
  @CsvSource({
    // dynamic, live, carrier, stable available of 10 -> wanted, next
    "false, 0, 3, 10, 25, 25",
    "false, 0, 3, 5, 25, 0", // the stable version can't bear the rest
    "false, 60, 6, 1, 0, 0", // what is given up loses its share at once
    "false, 60, 6, 0, 0, 60", // unless nothing else serves
    "false, 60, 0, 0, 0, 0",
    "true, 60, 6, 4, 0, 60",
    "true, 60, 6, 7, 0, 30",
    "true, 60, 6, 10, 0, 0",
    "true, 60, 6, 2, 0, 60", // a share does not grow by a loss on the other side
    "true, 100, 10, 0, 0, 100",
  })
  void aShareMovesAsFarAsPodsCanBearIt(
      boolean dynamic, long live, long carrier, long stable, long wanted, long next) {
    assertThat(
            new NextWeight(
                    10, 100, live, new Version(carrier, carrier), new Version(10, stable), dynamic)
                .towards(wanted))
        .isEqualTo(next);
  }

  /// Sizes and shares in turn, from every share to every other one, while Pods come one by one: no
  /// version is smaller than its share needs.
  @Test
  void noVersionIsSmallerThanItsShareNeeds() {
    for (long replicas = 1; replicas <= 7; replicas++) {
      for (long from = 0; from <= 100; from += 10) {
        for (long to = 0; to <= 100; to += 10) {
          walk(new RoutedSizes(replicas, 100, 1, true), from, to);
        }
      }
    }
  }

  private static void walk(RoutedSizes sizes, long from, long to) {
    long live = from;
    Version canary = new Version(sizes.needed(from), sizes.needed(from));
    Version stable = new Version(sizes.needed(100 - from), sizes.needed(100 - from));
    for (int look = 0; look < 100; look++) {
      boolean large = canary.available() >= sizes.needed(to);
      live =
          new NextWeight(sizes.replicas(), 100, live, canary, stable, true)
              .towards(large || to < live ? to : live);
      Sizes next = sizes.of(to, live, null);
      String what = sizes + " " + from + " " + to + " " + live + " " + next;
      assertThat(next.canary()).as(what).isGreaterThanOrEqualTo(sizes.needed(live));
      assertThat(next.stable()).as(what).isGreaterThanOrEqualTo(sizes.needed(100 - live));
      canary = grown(canary, next.canary());
      stable = grown(stable, next.stable());
      if (live == to
          && canary.available() == sizes.needed(to)
          && stable.available() == sizes.needed(100 - to)) {
        return;
      }
    }
    throw new AssertionError(sizes + " never comes from " + from + " to " + to);
  }

  private static Version grown(Version version, long size) {
    return new Version(size, Math.min(size, version.available() + 1));
  }
}
