package dev.tiphys.store.replica;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A [Tree] in the making. Copies each node it must change once, and from then on changes its copy,
/// until it gives out a tree.
///
/// Threads: one at a time.
public final class TreeEdit {

  private Object token = new Object();
  private Node root;

  public TreeEdit(Tree start) {
    this.root = start.root();
  }

  /// The state of `key`, or null if it is not there.
  public @Nullable KeyValue get(String key) {
    return root.get(key);
  }

  /// Puts a state in, in place of the one that its key has.
  public void put(KeyValue state) {
    update(state.key(), _ -> state);
  }

  /// Replaces the state of `key`, or null if there is none, by what `change` makes of it.
  public void update(String key, Function<@Nullable KeyValue, KeyValue> change) {
    root = root.editable(token);
    root.update(key, change);
    if (root.width() > Node.MOST) {
      root = new Branch(token, root, root.split());
    }
  }

  /// Takes out the state of `key`, which must be there.
  public void remove(String key) {
    root = root.editable(token);
    root.remove(key);
    while (root instanceof Branch branch && branch.width() == 1) {
      root = branch.onlyChild();
    }
  }

  /// Does what an event says.
  public void apply(Event event) {
    KeyValue current = event.current();
    if (current == null) {
      remove(event.key());
    } else {
      put(current);
    }
  }

  /// The tree as it is now. This edit can go on, and leaves that tree alone.
  public Tree tree() {
    token = new Object();
    return new Tree(root);
  }
}
