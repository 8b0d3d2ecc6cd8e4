package dev.tiphys.store.replica;

import dev.tiphys.store.KeyValue;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A node of a [Tree].
///
/// A node belongs to the [TreeEdit] that made it, as long as that has not given out a tree; only
/// then may it be changed, and only by that edit. Every other node is immutable.
abstract sealed class Node permits Leaf, Branch {

  /// The most children or states that a node holds.
  static final int MOST = 32;

  /// A node with fewer than this is joined with a neighbour, or filled up from it.
  static final int LEAST = MOST / 4;

  /// The token of the edit that made this node.
  final Object owner;

  Node(Object owner) {
    this.owner = owner;
  }

  /// How many keys are at or below this node.
  abstract int keys();

  /// How many children or states the node itself holds.
  abstract int width();

  abstract @Nullable KeyValue get(String key);

  /// How many keys fulfil `below`, which must hold for all keys up to some point and for none
  /// after.
  abstract int rank(Predicate<String> below);

  /// Adds the states from position `from` up to, but not including, `to`.
  abstract void copy(int from, int to, List<KeyValue> into);

  /// This node if it belongs to `edit`, else a copy that does.
  abstract Node editable(Object edit);

  /// Replaces the state of `key`, or null if there is none, by what `change` makes of it. May leave
  /// the node one wider than [#MOST]. The node must be editable.
  abstract void update(String key, Function<@Nullable KeyValue, KeyValue> change);

  /// Takes out the state of `key`, which must be there. The node must be editable.
  abstract void remove(String key);

  /// Cuts the node in two. `appended` tells that what made it too wide came last: then nearly all
  /// stays here, for keys that come in ascending order. Returns the right part, and this node
  /// becomes the left one.
  abstract Node split();

  /// Takes over everything from the right neighbour. The node must be editable.
  abstract void join(Node right, String separator);

  /// The least key of this node, which must not be empty.
  abstract String first();
}
