package dev.tiphys.store.replica;

import dev.tiphys.store.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sorted map from keys to their states that never changes: a B-tree. A changed one is made with
/// a [TreeEdit], and shares with this one all nodes that the changes did not touch.
///
/// Threads: any.
public final class Tree {

  public static final Tree EMPTY = new Tree(new Leaf(new Object()));

  private final Node root;

  Tree(Node root) {
    this.root = root;
  }

  Node root() {
    return root;
  }

  /// How many keys there are.
  public int size() {
    return root.keys();
  }

  /// The state of `key`, or null if it is not there.
  public @Nullable KeyValue get(String key) {
    return root.get(key);
  }

  /// The first `limit` states whose keys start with `prefix` and come after the key `after`.
  public List<KeyValue> list(String prefix, String after, int limit) {
    int from = start(prefix, after);
    int to = (int) Math.min(end(prefix), (long) from + limit);
    List<KeyValue> states = new ArrayList<>(Math.max(to - from, 0));
    root.copy(from, to, states);
    return states;
  }

  /// How many keys start with `prefix` and come after the key `after`.
  public int count(String prefix, String after) {
    return Math.max(0, end(prefix) - start(prefix, after));
  }

  /// The states from position `from` up to, but not including, `to`, in the order of their keys.
  public List<KeyValue> range(int from, int to) {
    List<KeyValue> states = new ArrayList<>(to - from);
    root.copy(from, to, states);
    return states;
  }

  private int start(String prefix, String after) {
    return root.rank(key -> key.compareTo(prefix) < 0 || key.compareTo(after) <= 0);
  }

  private int end(String prefix) {
    return root.rank(key -> key.compareTo(prefix) < 0 || key.startsWith(prefix));
  }
}
