package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Recorder;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {

  private final World world = new VirtualWorld(1);
  private final History history = History.empty();
  private final Watches watches = new Watches(world, history);

  @Test
  void itFindsEveryWatchWhosePrefixAKeyStartsWith() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      List<RunningWatch> all = new ArrayList<>();
      PrefixIndex index = PrefixIndex.EMPTY;
      for (int i = random.nextInt(12); i > 0; i--) {
        RunningWatch watch =
            new RunningWatch(text(random), 0, new Recorder(world), history, world.gate(), watches);
        all.add(watch);
        index = index.with(watch);
      }
      if (!all.isEmpty()) {
        index = index.without(all.removeFirst());
      }
      String key = text(random) + text(random);
      List<RunningWatch> found = new ArrayList<>();
      index.forEachConcerned(key, found::add);

      assertThat(found)
          .containsExactlyInAnyOrderElementsOf(
              all.stream().filter(watch -> key.startsWith(watch.prefix())).toList());
    }
  }

  private static String text(SplittableRandom random) {
    return Integer.toString(random.nextInt(32) + 32, 2).substring(1 + random.nextInt(5));
  }
}
