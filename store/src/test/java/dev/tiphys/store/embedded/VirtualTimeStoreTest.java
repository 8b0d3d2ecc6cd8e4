package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Store;
import dev.tiphys.store.Write;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The store without a disk, in a world whose time stands still.
class VirtualTimeStoreTest extends EmbeddedContract {

  @Override
  protected World newWorld() {
    return new VirtualWorld(42);
  }

  @Override
  protected Store open() {
    return EmbeddedStore.inMemory(world);
  }

  @Test
  void historyIsKeptForFiveMinutesAndGivenUpSoonAfter() {
    VirtualWorld time = (VirtualWorld) world;
    put("/a", "1"); // 2
    put("/a", "2"); // 3
    time.advance(Duration.ofMinutes(2));
    put("/a", "3"); // 4
    time.advance(Duration.ofMinutes(3).minusSeconds(1));
    assertThat(store.history().compacted()).isZero();

    time.advance(Duration.ofMinutes(1));
    assertThat(store.history().compacted()).isEqualTo(3);
    assertThat(texts(3)).containsExactly("/a=2");

    time.advance(Duration.ofMinutes(10));
    assertThat(store.history().compacted()).isEqualTo(4);
  }

  @Test
  void anIdleStoreHasNothingToDo() {
    VirtualWorld time = (VirtualWorld) world;
    put("/a", "1");
    put("/a", "2");

    time.awaitQuiescent();
    assertThat(time.nanoTime()).isZero();
  }

  @Test
  void historyThatTakesTooMuchMemoryIsGivenUpEarlier() {
    Options little = new Options(0, 0, 0, 0, Duration.ofMinutes(5), 100_000);
    try (EmbeddedStore full = EmbeddedStore.inMemory(little, world)) {
      for (int i = 0; i < 1000; i++) {
        full.write(Write.put("/a", new byte[1000]));
        ((VirtualWorld) world).settle();
      }

      assertThat(full.size()).isLessThan(110_000);
      assertThat(full.history().compacted()).isBetween(850L, 980L);
    }
  }
}
