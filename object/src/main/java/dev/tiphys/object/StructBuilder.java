package dev.tiphys.object;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Collects the fields of a [Struct], in any order. A name that is added twice keeps its last
/// value.
///
/// Adding costs one step when names come in order, and at most a few dozen for small structs in any
/// order. Larger structs that come out of order move to a tree, so that no input can make adding
/// slow.
///
/// Threads: one.
public final class StructBuilder {

  /// Up to here a field that comes out of order is moved into its place.
  private static final int SMALL = 64;

  private String[] names;
  private Object[] values;
  private int size;
  private @Nullable TreeMap<String, Object> tree;

  public StructBuilder() {
    this(8);
  }

  /// @param expected how many fields are likely
  public StructBuilder(int expected) {
    names = new String[expected];
    values = new Object[expected];
  }

  /// A builder that starts with the fields of `base`.
  public static StructBuilder from(Struct base) {
    StructBuilder builder = new StructBuilder(base.size() + 4);
    base.forEach(builder::put);
    return builder;
  }

  /// Sets a field. Returns this.
  public StructBuilder add(String name, Object value) {
    put(name, value);
    return this;
  }

  /// Adds a number, unless it is zero: the way Kubernetes writes most counts.
  public StructBuilder addUnlessZero(String name, long value) {
    return value == 0 ? this : add(name, value);
  }

  /// Sets a field, unless `value` is null or an empty string, list or struct. Returns this.
  public StructBuilder addUnlessEmpty(String name, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case String text when text.isEmpty() -> {}
      case List<?> list when list.isEmpty() -> {}
      case Struct struct when struct.isEmpty() -> {}
      default -> put(name, value);
    }
    return this;
  }

  /// Sets all fields that `others` has. Returns this.
  public StructBuilder addAll(Struct others) {
    for (int i = 0; i < others.size(); i++) {
      put(others.name(i), others.value(i));
    }
    return this;
  }

  /// Sets a field. Returns what it had been before, or null if it had not been set.
  public @Nullable Object put(String name, Object value) {
    Object kept = value instanceof String text ? Names.shared(text) : value;
    if (tree != null) {
      return tree.put(name, kept);
    }
    if (size == 0 || names[size - 1].compareTo(name) < 0) {
      insert(size, name, kept);
      return null;
    }
    int found = Arrays.binarySearch(names, 0, size, name);
    if (found >= 0) {
      Object before = values[found];
      values[found] = kept;
      return before;
    }
    if (size < SMALL) {
      insert(-found - 1, name, kept);
      return null;
    }
    tree = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      tree.put(names[i], values[i]);
    }
    return tree.put(name, kept);
  }

  private void insert(int place, String name, Object value) {
    if (size == names.length) {
      int larger = Math.max(8, size * 2);
      names = Arrays.copyOf(names, larger);
      values = Arrays.copyOf(values, larger);
    }
    System.arraycopy(names, place, names, place + 1, size - place);
    System.arraycopy(values, place, values, place + 1, size - place);
    names[place] = Names.shared(name);
    values[place] = value;
    size++;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public Struct build() {
    if (tree != null) {
      return new Struct(tree.keySet().toArray(String[]::new), tree.values().toArray());
    }
    if (size == 0) {
      return Struct.EMPTY;
    }
    return new Struct(Names.shape(names, size), Arrays.copyOf(values, size));
  }
}
