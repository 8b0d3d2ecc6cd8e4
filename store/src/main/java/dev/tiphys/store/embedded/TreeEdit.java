package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import org.jspecify.annotations.Nullable;

/// A [Tree] in the making. Copies each node it must change once, and from then on changes its copy,
/// until it gives out a tree.
///
/// Threads: one at a time.
final class TreeEdit {

  private Object token = new Object();
  private Node root;

  TreeEdit(Tree start) {
    this.root = start.root();
  }

  @Nullable KeyValue get(String key) {
    return root.get(key);
  }

  /// Puts `state` in, and returns the state that it replaces.
  @Nullable KeyValue put(KeyValue state) {
    root = root.editable(token);
    KeyValue replaced = root.put(state);
    if (root.width() > Node.MOST) {
      root = new Branch(token, root, root.split());
    }
    return replaced;
  }

  /// Takes out the state of `key`, which must be there.
  void remove(String key) {
    root = root.editable(token);
    root.remove(key);
    while (root instanceof Branch branch && branch.width() == 1) {
      root = branch.onlyChild();
    }
  }

  /// The tree as it is now. This edit can go on, and leaves that tree alone.
  Tree tree() {
    token = new Object();
    return new Tree(root);
  }
}
