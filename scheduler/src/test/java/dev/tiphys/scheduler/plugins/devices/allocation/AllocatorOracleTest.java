package dev.tiphys.scheduler.plugins.devices.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.plugins.devices.allocation.Allocator.Outcome;
import dev.tiphys.world.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The allocator against trying every set of devices the plain way, on random clusters: it finds a
/// solution exactly where there is one, and what it finds is one.
class AllocatorOracleTest {

  private static final int SEEDS = Rounds.of("tiphys.seeds", 2_000);

  @Test
  void aSolutionIsFoundExactlyWhereThereIsOne() {
    int found = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomDevices random = new RandomDevices(new SplittableRandom(seed));
      Site site = random.site();
      Inventory inventory = new Inventory();
      random.slices().forEach(inventory::put);
      Usage usage = new Usage();
      random.inUse().forEach(usage::put);
      List<Struct> claims = random.claims();
      List<DeviceClaim> wanted = new ArrayList<>();
      Selectors selectors = new Selectors();
      claims.forEach(claim -> wanted.add(DeviceClaim.of(claim, random::deviceClass, selectors)));
      PlainAllocation plain =
          new PlainAllocation(random.slices(), random.inUse().values(), site, random::deviceClass);

      boolean possible = plain.exists(claims);
      Outcome outcome =
          new Allocator(inventory, usage, () -> "share").allocate(wanted, site, () -> false);

      assertThat(outcome instanceof Outcome.Found)
          .as("seed %d: claims %s of %s", seed, claims, random.slices())
          .isEqualTo(possible);
      if (outcome instanceof Outcome.Found(var allocations)) {
        found++;
        assertThat(plain.allows(claims, allocations))
            .as("seed %d: %s for %s", seed, allocations, claims)
            .isTrue();
      }
    }
    assertThat(found)
        .as("the clusters are neither all full nor all empty")
        .isBetween(SEEDS * 15 / 100, SEEDS * 85 / 100);
  }
}
