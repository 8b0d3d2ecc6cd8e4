package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Recorder;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.world.Rounds;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A store on a disk that loses its power again and again, and fails now and then; or whose process
/// ends.
class PowerLossTest {

  /// So small that a life sees new segments and checkpoints.
  static final Options SMALL =
      new Options(8 << 10, 32 << 10, 16 << 10, 64 << 10, Duration.ofMinutes(5), 1 << 20);

  private static final int LIVES = 8;
  private static final int WRITERS = 4;

  static LongStream someSeeds() {
    return LongStream.range(0, Rounds.of("tiphys.seeds", 40));
  }

  @ParameterizedTest
  @MethodSource("someSeeds")
  void nothingAcknowledgedIsLost(long seed) throws Exception {
    new History(seed).run();
  }

  @Test
  @Tag("crash")
  @Timeout(3_600)
  void nothingAcknowledgedIsEverLost() throws Exception {
    for (long seed = 1000; seed < 2000; seed++) {
      try {
        new History(seed).run();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("with seed " + seed, e);
      }
    }
  }

  /// What happens to one disk, as a seed decides.
  private static final class History {
    private final VirtualWorld world;
    private final RandomGenerator random;
    private final Ledger ledger = new Ledger();
    private SimulatedDisk disk = new SimulatedDisk();

    History(long seed) {
      this.world = new VirtualWorld(seed);
      this.random = new SplittableRandom(seed);
    }

    void run() throws Exception {
      for (int life = 0; life < LIVES; life++) {
        disk.losePowerAfter(random.nextInt(1, 300));
        live();
        if (random.nextInt(3) > 0) {
          disk = disk.losePower(random);
        } else { // only the process ended
          disk.losePowerAfter(Long.MAX_VALUE);
          disk.failSyncs(0);
        }
        check();
      }
      assertThat(ledger.size()).isPositive();
    }

    private void live() {
      EmbeddedStore store;
      try {
        store = EmbeddedStore.open(disk, SMALL, world);
      } catch (StoreException e) {
        assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(disk.hasPower()).isFalse();
        return;
      }
      if (random.nextInt(3) == 0) {
        disk.failSyncs(random.nextInt(1, 4));
      }
      for (int i = 0; i < WRITERS; i++) {
        world.start("writer", () -> writeUntilTheEnd(store));
      }
      world.settle();
      store.close();
      world.settle();
    }

    private void writeUntilTheEnd(EmbeddedStore store) {
      while (disk.hasPower()) {
        try {
          Write write = write(store);
          ledger.ask(write);
          long before = store.revision();
          if (store.write(write) instanceof WriteResult.Written written
              && (written.current() != null || written.previous() != null)) {
            assertThat(written.revision()).isGreaterThan(before);
            ledger.know(written.revision(), write.key(), write.value());
          }
          if (random.nextInt(20) == 0) {
            store.compact(Math.max(1, store.revision() - random.nextInt(20)));
          }
        } catch (StoreException e) {
          assertThat(e.reason()).isIn(Reason.UNAVAILABLE, Reason.COMPACTED);
        }
      }
    }

    private Write write(EmbeddedStore store) {
      String key = "/" + random.nextInt(12);
      if (random.nextInt(4) == 0) {
        return Write.delete(key, Write.ANY);
      }
      byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(4000) : random.nextInt(400)];
      if (random.nextInt(3) > 0) { // else all zeros, as sectors are that were never written
        random.nextBytes(value);
      }
      KeyValue current = store.get(key);
      long expected = current == null ? Write.ABSENT : current.revision();
      return new Write(key, value, random.nextBoolean() ? Write.ANY : expected, 0, 0, false, null);
    }

    private void check() throws Exception {
      EmbeddedStore store = EmbeddedStore.open(disk, SMALL, world);
      ledger.check(store, history(store, world));
      store.close();
      world.settle();
    }
  }

  /// Every event that a store still knows.
  static List<Event> history(EmbeddedStore store, World world) {
    long first = Math.max(1, store.history().compacted());
    return Recorder.after(first, store, world, "").read().events();
  }
}
