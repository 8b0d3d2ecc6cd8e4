package dev.tiphys.store.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {

  @Test
  void itFindsEveryPrefixThatAKeyStartsWith() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      Set<String> prefixes = new TreeSet<>();
      PrefixIndex<String> index = PrefixIndex.empty();
      for (int i = random.nextInt(12); i > 0; i--) {
        String prefix = text(random);
        prefixes.add(prefix);
        index = index.with(prefix, prefix);
      }
      String key = text(random) + text(random);
      List<String> found = new ArrayList<>();
      index.forEachPrefixOf(key, found::add);

      assertThat(found)
          .containsExactlyInAnyOrderElementsOf(prefixes.stream().filter(key::startsWith).toList());
      assertThat(index.all()).containsExactlyElementsOf(prefixes);
      assertThat(index.find(key)).isEqualTo(prefixes.contains(key) ? key : null);
    }
  }

  private static String text(SplittableRandom random) {
    return Integer.toString(random.nextInt(32) + 32, 2).substring(1 + random.nextInt(5));
  }
}
