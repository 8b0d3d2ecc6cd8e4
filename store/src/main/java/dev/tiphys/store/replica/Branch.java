package dev.tiphys.store.replica;

import dev.tiphys.store.KeyValue;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The upper kind of [Node]: some children, and between each two of them a separator that is
/// greater than every key of the left one and not greater than any key of the right one.
///
/// Only the root may have a single child, and only until its edit has looked.
final class Branch extends Node {

  private Node[] children;

  /// The separator left of each child; that of the first child is never looked at.
  private String[] separators;

  private int keys;

  /// Whether the child that was split last was the last one.
  private boolean appended;

  /// A branch over two children.
  Branch(Object owner, Node left, Node right) {
    this(
        owner,
        new Node[] {left, right},
        new String[] {"", right.first()},
        left.keys() + right.keys());
  }

  private Branch(Object owner, Node[] children, String[] separators, int keys) {
    super(owner);
    this.children = children;
    this.separators = separators;
    this.keys = keys;
  }

  @Override
  int keys() {
    return keys;
  }

  @Override
  int width() {
    return children.length;
  }

  Node onlyChild() {
    return children[0];
  }

  @Override
  @Nullable KeyValue get(String key) {
    return children[childOf(key)].get(key);
  }

  @Override
  int rank(Predicate<String> below) {
    int low = 0;
    int high = children.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (below.test(separators[middle])) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int rank = children[low].rank(below);
    for (int i = 0; i < low; i++) {
      rank += children[i].keys();
    }
    return rank;
  }

  @Override
  void copy(int from, int to, List<KeyValue> into) {
    int start = 0;
    for (Node child : children) {
      int end = start + child.keys();
      if (end > from && start < to) {
        child.copy(Math.max(from - start, 0), Math.min(to, end) - start, into);
      }
      start = end;
    }
  }

  @Override
  Branch editable(Object edit) {
    return owner == edit ? this : new Branch(edit, children.clone(), separators.clone(), keys);
  }

  @Override
  void update(String key, Function<@Nullable KeyValue, KeyValue> change) {
    int at = childOf(key);
    Node child = editableChild(at);
    int before = child.keys();
    child.update(key, change);
    keys += child.keys() - before;
    if (child.width() > MOST) {
      appended = at == children.length - 1;
      Node right = child.split();
      insert(at + 1, right, right.first());
    }
  }

  @Override
  void remove(String key) {
    int at = childOf(key);
    Node child = editableChild(at);
    child.remove(key);
    keys--;
    if (child.width() < LEAST && children.length > 1) {
      widen(at == 0 ? 0 : at - 1);
    }
  }

  /// Joins a child with the one right of it, and cuts the result again if it is too wide.
  private void widen(int left) {
    Node joined = editableChild(left);
    joined.join(children[left + 1], separators[left + 1]);
    takeOut(left + 1);
    if (joined.width() > MOST) {
      Node right = joined.split();
      insert(left + 1, right, right.first());
    }
  }

  @Override
  Branch split() {
    int cut = appended ? children.length - 2 : children.length / 2;
    Node[] rightChildren = Arrays.copyOfRange(children, cut, children.length);
    String[] rightSeparators = Arrays.copyOfRange(separators, cut, children.length);
    int rightKeys = 0;
    for (Node child : rightChildren) {
      rightKeys += child.keys();
    }
    children = Arrays.copyOf(children, cut);
    separators = Arrays.copyOf(separators, cut);
    keys -= rightKeys;
    return new Branch(owner, rightChildren, rightSeparators, rightKeys);
  }

  @Override
  void join(Node right, String separator) {
    Branch other = (Branch) right;
    int width = children.length;
    children = Arrays.copyOf(children, width + other.children.length);
    separators = Arrays.copyOf(separators, width + other.children.length);
    System.arraycopy(other.children, 0, children, width, other.children.length);
    System.arraycopy(other.separators, 0, separators, width, other.children.length);
    separators[width] = separator;
    keys += other.keys;
    appended = false;
  }

  @Override
  String first() {
    return children[0].first();
  }

  private Node editableChild(int at) {
    Node child = children[at].editable(owner);
    children[at] = child;
    return child;
  }

  private void insert(int at, Node child, String separator) {
    int width = children.length;
    Node[] widerChildren = Arrays.copyOf(children, width + 1);
    String[] widerSeparators = Arrays.copyOf(separators, width + 1);
    System.arraycopy(children, at, widerChildren, at + 1, width - at);
    System.arraycopy(separators, at, widerSeparators, at + 1, width - at);
    widerChildren[at] = child;
    widerSeparators[at] = separator;
    children = widerChildren;
    separators = widerSeparators;
  }

  private void takeOut(int at) {
    int width = children.length - 1;
    Node[] fewerChildren = Arrays.copyOf(children, width);
    String[] fewerSeparators = Arrays.copyOf(separators, width);
    System.arraycopy(children, at + 1, fewerChildren, at, width - at);
    System.arraycopy(separators, at + 1, fewerSeparators, at, width - at);
    children = fewerChildren;
    separators = fewerSeparators;
  }

  /// The child in whose range `key` is.
  private int childOf(String key) {
    int low = 0;
    int high = children.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (separators[middle].compareTo(key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
