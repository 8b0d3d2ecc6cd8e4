package dev.tiphys.store.replica;

import dev.tiphys.store.KeyValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The lowest kind of [Node]: some states, in the order of their keys.
final class Leaf extends Node {

  /// How many places an array that must grow gets beyond what it needs.
  private static final int SPARE = 3;

  private KeyValue[] states;
  private int width;

  /// Whether the last state put in was new and became the last.
  private boolean appended;

  Leaf(Object owner) {
    this(owner, new KeyValue[0], 0);
  }

  private Leaf(Object owner, KeyValue[] states, int width) {
    super(owner);
    this.states = states;
    this.width = width;
  }

  @Override
  int keys() {
    return width;
  }

  @Override
  int width() {
    return width;
  }

  @Override
  @Nullable KeyValue get(String key) {
    int at = find(key);
    return at < 0 ? null : states[at];
  }

  @Override
  int rank(Predicate<String> below) {
    int low = 0;
    int high = width;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (below.test(states[middle].key())) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  void copy(int from, int to, List<KeyValue> into) {
    for (int i = from; i < to; i++) {
      into.add(states[i]);
    }
  }

  @Override
  Leaf editable(Object edit) {
    return owner == edit ? this : new Leaf(edit, Arrays.copyOf(states, width), width);
  }

  @Override
  void update(String key, Function<@Nullable KeyValue, KeyValue> change) {
    int at = find(key);
    if (at >= 0) {
      states[at] = change.apply(states[at]);
    } else {
      insert(-at - 1, change.apply(null));
    }
  }

  private void insert(int at, KeyValue state) {
    if (width == states.length) {
      states = Arrays.copyOf(states, Math.min(width + 1 + SPARE, MOST + 1));
    }
    System.arraycopy(states, at, states, at + 1, width - at);
    states[at] = state;
    appended = at == width;
    width++;
  }

  @Override
  void remove(String key) {
    int at = find(key);
    KeyValue[] left = new KeyValue[width - 1];
    System.arraycopy(states, 0, left, 0, at);
    System.arraycopy(states, at + 1, left, at, width - 1 - at);
    states = left;
    width--;
  }

  @Override
  Leaf split() {
    int cut = appended ? width - 1 : width / 2;
    Leaf right = new Leaf(owner, Arrays.copyOfRange(states, cut, width), width - cut);
    states = Arrays.copyOf(states, cut);
    width = cut;
    return right;
  }

  @Override
  void join(Node right, String separator) {
    Leaf other = (Leaf) right;
    KeyValue[] joined = Arrays.copyOf(states, width + other.width);
    System.arraycopy(other.states, 0, joined, width, other.width);
    states = joined;
    width = joined.length;
    appended = false;
  }

  @Override
  String first() {
    return states[0].key();
  }

  /// The place of `key`, or, if it is not there, `-place - 1` of where it would be.
  private int find(String key) {
    int low = 0;
    int high = width - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = states[middle].key().compareTo(key);
      if (order < 0) {
        low = middle + 1;
      } else if (order > 0) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }
}
