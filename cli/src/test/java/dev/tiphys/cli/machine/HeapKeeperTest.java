package dev.tiphys.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.VirtualWorld;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeapKeeperTest {

  private static final int MUCH = 128 << 20;

  @Test
  void theHeapIsCollectedOnceItHasGrownByHalf() {
    VirtualWorld world = new VirtualWorld(1);
    try (HeapKeeper _ = HeapKeeper.start(world)) {
      world.advance(Duration.ofSeconds(2));
      WeakReference<byte[]> garbage = new WeakReference<>(new byte[MUCH]);

      world.advance(Duration.ofSeconds(2));

      assertThat(garbage.get()).isNull();
    }
  }
}
