package dev.tiphys.delivery.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BasicSizesTest {

  @ParameterizedTest
  @CsvSource({
    // replicas, weight, surge, unavailable, canary, stable -> canary, stable
    "10, 10, 1, 1, 0, 10, 1, 9",
    "10, 30, 3, 0, 0, 10, 3, 10",
    "10, 30, 0, 5, 0, 10, 0, 7",
    "10, 5, 1, 1, 0, 10, 1, 10",
    "1, 5, 1, 0, 0, 1, 1, 1",
    "1, 95, 1, 0, 0, 1, 1, 1",
    "10, 0, 1, 1, 3, 7, 2, 8",
    "10, 100, 1, 1, 0, 10, 1, 9",
    "0, 50, 1, 1, 0, 0, 0, 0",
  })
  void theNextSizes(
      long replicas,
      long weight,
      long surge,
      long unavailable,
      long canary,
      long stable,
      long nextCanary,
      long nextStable) {
    Sizes next =
        new BasicSizes(replicas, weight, surge, unavailable)
            .next(new Version(canary, canary), new Version(stable, stable), 0);
    assertThat(next).isEqualTo(new Sizes(nextCanary, nextStable));
  }

  /// Of all pairs of sizes that may be, none is closer to the weight than the one that is chosen.
  @Test
  void noPairOfSizesIsCloserToTheWeight() {
    for (long replicas = 1; replicas <= 25; replicas++) {
      for (long surge = 0; surge <= 1; surge++) {
        for (long weight = 0; weight <= 100; weight++) {
          Sizes chosen = new BasicSizes(replicas, weight, surge, 1).nearest();
          String what = replicas + " " + surge + " " + weight + " " + chosen;
          long total = chosen.canary() + chosen.stable();
          assertThat(total).as(what).isBetween(replicas, replicas + surge);
          boolean mixed = weight > 0 && weight < 100 && replicas + surge > 1;
          if (mixed) {
            assertThat(chosen.canary()).as(what).isPositive();
            assertThat(chosen.stable()).as(what).isPositive();
          }
          if (weight == 0 || weight == 100) {
            assertThat(total).as(what).isEqualTo(replicas);
          }
          assertThat(distance(chosen.canary(), total, weight))
              .as(what)
              .isLessThanOrEqualTo(best(replicas, surge, weight, mixed ? 1 : 0) + 1e-9);
        }
      }
    }
  }

  private static double best(long replicas, long surge, long weight, long least) {
    double best = Double.MAX_VALUE;
    for (long total = replicas; total <= replicas + surge; total++) {
      for (long canary = least; canary <= total - least; canary++) {
        best = Math.min(best, distance(canary, total, weight));
      }
    }
    return best;
  }

  private static double distance(long canary, long total, long weight) {
    return Math.abs(100.0 * canary / total - weight);
  }

  /// From any sizes to any weight: never too many Pods, never too few that are available, and the
  /// sizes are reached.
  @Test
  void onTheWayThereAreNeverTooManyPodsAndNeverTooFewThatServe() {
    for (long replicas = 1; replicas <= 8; replicas++) {
      for (long surge = 0; surge <= 3; surge++) {
        for (long unavailable = surge == 0 ? 1 : 0;
            unavailable <= Math.min(2, replicas);
            unavailable++) {
          for (long weight = 0; weight <= 100; weight += 5) {
            for (long begin = 0; begin <= replicas; begin++) {
              walk(new BasicSizes(replicas, weight, surge, unavailable), begin);
            }
          }
        }
      }
    }
  }

  private static void walk(BasicSizes sizes, long canaryPods) {
    Version canary = new Version(canaryPods, canaryPods);
    long others = sizes.replicas() - canaryPods;
    Version stable = new Version(others, others);
    Sizes goal = sizes.nearest();
    for (int look = 0; look < 100; look++) {
      Sizes next = sizes.next(canary, stable, 0);
      String what = sizes + " " + canary + " " + stable + " " + next;
      assertThat(next.canary() + next.stable())
          .as(what)
          .isLessThanOrEqualTo(sizes.replicas() + sizes.maxSurge());
      canary = new Version(next.canary(), Math.min(canary.available(), next.canary()));
      stable = new Version(next.stable(), Math.min(stable.available(), next.stable()));
      assertThat(canary.available() + stable.available())
          .as(what)
          .isGreaterThanOrEqualTo(sizes.replicas() - sizes.maxUnavailable());
      if (next.equals(goal) && canary.available() == next.canary()) {
        return;
      }
      // one more Pod becomes available between two looks
      if (canary.available() < canary.replicas()) {
        canary = new Version(canary.replicas(), canary.available() + 1);
      } else if (stable.available() < stable.replicas()) {
        stable = new Version(stable.replicas(), stable.available() + 1);
      }
    }
    throw new AssertionError(sizes + " is never reached: " + canary + " " + stable);
  }
}
