package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;

/// Sets of fields as objects carry them: a struct of the steps of their paths, in which `.` stands
/// for the path that ends there.
///
/// Thousands of objects are owned alike, so trees are shared, and the sets that they stand for are
/// known by them.
///
/// Threads: any. The tables are bounded and forgetful: the newest wins its place, so a miss costs
/// time, never correctness.
public final class FieldsV1 {

  private static final String SELF = ".";
  private static final int PLACES = 1 << 11;

  private record Known(Struct tree, FieldSet set) {}

  private static final Known[] BY_SET = new Known[PLACES];
  private static final Known[] BY_TREE = new Known[PLACES];
  private static final Struct[] TREES = new Struct[PLACES];

  private FieldsV1() {}

  /// The tree of a set.
  public static Struct tree(FieldSet set) {
    int place = place(set.hashCode());
    Known known = BY_SET[place];
    if (known != null && known.set.equals(set)) {
      return known.tree;
    }
    Struct tree = shared(made(set, false));
    remember(tree, set);
    BY_SET[place] = new Known(tree, set);
    return tree;
  }

  /// The set that a tree stands for. Steps of sorts that are not known are left out.
  ///
  /// @throws EncodingException if there is a step that can't be read
  public static FieldSet set(Struct tree) {
    Known known = BY_TREE[placeOf(tree)];
    if (known != null && known.tree == tree) {
      return known.set;
    }
    FieldSet set = read(tree);
    remember(tree, set);
    return set;
  }

  private static void remember(Struct tree, FieldSet set) {
    BY_TREE[placeOf(tree)] = new Known(tree, set);
  }

  /// A tree that equals `tree`; the same one for many that are equal.
  public static Struct shared(Struct tree) {
    int place = place(tree.hashCode());
    Struct known = TREES[place];
    if (known != null && known.equals(tree)) {
      return known;
    }
    TREES[place] = tree;
    return tree;
  }

  private static int placeOf(Struct tree) {
    return place(System.identityHashCode(tree));
  }

  private static int place(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) & (PLACES - 1);
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
