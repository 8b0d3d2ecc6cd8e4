package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;

/// Sets of fields as objects carry them: a struct of the steps of their paths, in which `.` stands
/// for the path that ends there.
///
/// Thousands of objects are owned alike, in whole or in part, so trees and their branches are
/// shared, and the sets that they stand for are known by them.
///
/// Threads: any. The tables are bounded and forgetful: the newest wins its place, so a miss costs
/// time, never correctness. Large trees are not kept in them.
public final class FieldsV1 {

  private static final String SELF = ".";
  private static final int SETS = 1 << 10;
  private static final int BRANCHES = 1 << 12;
  private static final int LARGEST = 400;

  private record Known(Struct tree, FieldSet set) {}

  private static final Known[] BY_SET = new Known[SETS];
  private static final Known[] BY_TREE = new Known[SETS];
  private static final Struct[] TREES = new Struct[BRANCHES];

  private FieldsV1() {}

  /// The tree of a set.
  public static Struct tree(FieldSet set) {
    int place = place(set.hashCode(), SETS);
    Known known = BY_SET[place];
    if (known != null && known.set.equals(set)) {
      return known.tree;
    }
    Struct tree = shared(made(set, false));
    if (weight(tree) <= LARGEST) {
      Known found = new Known(tree, set);
      BY_SET[place] = found;
      BY_TREE[placeOf(tree)] = found;
    }
    return tree;
  }

  /// The set that a tree stands for. Steps of sorts that are not known are left out.
  ///
  /// @throws EncodingException if there is a step that can't be read
  public static FieldSet set(Struct tree) {
    int place = placeOf(tree);
    Known known = BY_TREE[place];
    if (known != null && known.tree == tree) {
      return known.set;
    }
    FieldSet set = read(tree);
    if (weight(tree) <= LARGEST) {
      BY_TREE[place] = new Known(tree, set);
    }
    return set;
  }

  /// A tree that equals `tree`; the same one, and with the same branches, for many that are equal.
  public static Struct shared(Struct tree) {
    Struct whole = withSharedBranches(tree);
    if (weight(whole) > LARGEST) {
      return whole;
    }
    int place = place(whole.hashCode(), BRANCHES);
    Struct known = TREES[place];
    if (known != null && known.equals(whole)) {
      return known;
    }
    TREES[place] = whole;
    return whole;
  }

  private static Struct withSharedBranches(Struct tree) {
    StructBuilder changed = null;
    for (int i = 0; i < tree.size(); i++) {
      if (tree.value(i) instanceof Struct branch && !branch.isEmpty()) {
        Struct one = shared(branch);
        if (one != branch) {
          changed = changed == null ? StructBuilder.from(tree) : changed;
          changed.put(tree.name(i), one);
        }
      }
    }
    return changed == null ? tree : changed.build();
  }

  /// How many steps a tree has; not counted any further once they are too many.
  private static int weight(Struct tree) {
    int weight = tree.size();
    for (int i = 0; i < tree.size() && weight <= LARGEST; i++) {
      weight += tree.value(i) instanceof Struct branch ? weight(branch) : 0;
    }
    return weight;
  }

  private static int placeOf(Struct tree) {
    return place(System.identityHashCode(tree), SETS);
  }

  private static int place(int hash, int places) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) & (places - 1);
  }

  private static Struct made(FieldSet set, boolean self) {
    StructBuilder tree = new StructBuilder(set.width() + 1);
    if (self && !set.isEmpty()) {
      tree.add(SELF, Struct.EMPTY);
    }
    for (int i = 0; i < set.width(); i++) {
      tree.add(set.element(i).text(), made(set.below(i), set.isMember(i)));
    }
    return tree.build();
  }

  private static FieldSet read(Struct tree) {
    FieldSetBuilder set = new FieldSetBuilder();
    for (int i = 0; i < tree.size(); i++) {
      PathElement step = tree.name(i).equals(SELF) ? null : PathElement.of(tree.name(i));
      if (step != null) {
        Struct inner = inner(tree.value(i));
        FieldSet below = read(inner);
        set.add(step, below.isEmpty() || inner.indexOf(SELF) >= 0, below);
      }
    }
    return set.build();
  }

  private static Struct inner(Object value) {
    if (value instanceof Struct struct) {
      return struct;
    }
    throw new EncodingException("expected an object in a set of fields");
  }
}
