package dev.tiphys.store.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void itHoldsWhatASortedMapHolds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<String, KeyValue> expected = new TreeMap<>();
    TreeEdit edit = new TreeEdit(Tree.EMPTY);
    int keys = 1 << random.nextInt(4, 14);

    for (int step = 0; step < 30_000; step++) {
      boolean growing = (step / 5_000) % 2 == 0;
      String key = key(random.nextInt(keys));
      if (random.nextInt(100) < (growing ? 80 : 20)) {
        KeyValue state = state(key, step);
        edit.put(state);
        expected.put(key, state);
      } else if (expected.remove(key) != null) {
        edit.remove(key);
      }
      if (step % 997 == 0) {
        assertThatIsSame(edit.tree(), expected, random);
      }
    }
    for (String key : List.copyOf(expected.keySet())) {
      edit.remove(key);
      expected.remove(key);
    }
    assertThatIsSame(edit.tree(), expected, random);
  }

  @Test
  void aTreeThatWasGivenOutNeverChanges() {
    SplittableRandom random = new SplittableRandom(9);
    TreeEdit edit = new TreeEdit(Tree.EMPTY);
    TreeMap<String, KeyValue> expected = new TreeMap<>();
    List<Tree> trees = new ArrayList<>();
    List<TreeMap<String, KeyValue>> copies = new ArrayList<>();

    for (int step = 0; step < 20_000; step++) {
      String key = key(random.nextInt(2_000));
      if (random.nextInt(3) > 0) {
        KeyValue state = state(key, step);
        edit.put(state);
        expected.put(key, state);
      } else if (expected.remove(key) != null) {
        edit.remove(key);
      }
      if (step % 500 == 0) {
        trees.add(edit.tree());
        copies.add(new TreeMap<>(expected));
      }
    }

    for (int i = 0; i < trees.size(); i++) {
      assertThatIsSame(trees.get(i), copies.get(i), random);
    }
  }

  @Test
  void aListAndACountBeginAfterAKeyAndEndWithThePrefix() {
    TreeEdit edit = new TreeEdit(Tree.EMPTY);
    for (String key : List.of("/a", "/b/", "/b/1", "/b/2", "/b/3", "/b0", "/c")) {
      edit.put(state(key, 1));
    }
    Tree tree = edit.tree();

    assertThat(keys(tree.list("/b/", "", 10))).containsExactly("/b/", "/b/1", "/b/2", "/b/3");
    assertThat(keys(tree.list("/b/", "/b/1", 10))).containsExactly("/b/2", "/b/3");
    assertThat(keys(tree.list("/b/", "/b/1", 1))).containsExactly("/b/2");
    assertThat(keys(tree.list("/b/", "/a", 2))).containsExactly("/b/", "/b/1");
    assertThat(tree.list("/b/", "/b0", 10)).isEmpty();
    assertThat(tree.list("/bb", "", 10)).isEmpty();
    assertThat(tree.list("", "", Integer.MAX_VALUE)).hasSize(7);
    assertThat(tree.count("/b/", "/b/1")).isEqualTo(2);
    assertThat(tree.count("/b/", "/z")).isZero();
  }

  private static void assertThatIsSame(
      Tree tree, TreeMap<String, KeyValue> expected, SplittableRandom random) {
    assertThat(tree.size()).isEqualTo(expected.size());
    assertThat(tree.list("", "", Integer.MAX_VALUE)).containsExactlyElementsOf(expected.values());
    for (int i = 0; i < 20; i++) {
      String key = key(random.nextInt(1 << 13));
      assertThat(tree.get(key)).isSameAs(expected.get(key));
      String prefix = key.substring(0, random.nextInt(key.length()));
      String after = key(random.nextInt(1 << 13));
      List<KeyValue> inRange =
          expected.tailMap(after, false).values().stream()
              .filter(state -> state.key().startsWith(prefix))
              .toList();
      assertThat(tree.list(prefix, after, 10))
          .containsExactlyElementsOf(inRange.stream().limit(10).toList());
      assertThat(tree.count(prefix, after)).isEqualTo(inRange.size());
    }
  }

  private static List<String> keys(List<KeyValue> states) {
    return states.stream().map(KeyValue::key).toList();
  }

  private static String key(int number) {
    return "/registry/" + Integer.toString(number * 7919 % 8192, 36);
  }

  private static KeyValue state(String key, long revision) {
    return new KeyValue(key, new byte[0], revision, revision, 1, 0, 0);
  }
}
