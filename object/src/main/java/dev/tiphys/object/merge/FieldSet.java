package dev.tiphys.object.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A set of paths to fields and elements of an object. A path may be in the set while the paths
/// that go on from it are not, and the other way round.
///
/// Threads: any; immutable.
public final class FieldSet {

  public static final FieldSet EMPTY =
      new FieldSet(new PathElement[0], new boolean[0], new FieldSet[0]);

  private final PathElement[] elements; // in order, each once
  private final boolean[] members; // whether the path that ends here is in the set
  private final @Nullable FieldSet[] below; // the paths that go on from here; null for none

  FieldSet(PathElement[] elements, boolean[] members, @Nullable FieldSet[] below) {
    this.elements = elements;
    this.members = members;
    this.below = below;
  }

  /// The set of one path.
  public static FieldSet of(PathElement... path) {
    FieldSet set = EMPTY;
    for (int i = path.length - 1; i >= 0; i--) {
      set = new FieldSetBuilder().add(path[i], i == path.length - 1, set).build();
    }
    return set;
  }

  /// The set of one path of fields.
  public static FieldSet ofFields(String... names) {
    return of(Arrays.stream(names).map(PathElement.Field::new).toArray(PathElement[]::new));
  }

  public boolean isEmpty() {
    return elements.length == 0;
  }

  /// How many first steps its paths have.
  int width() {
    return elements.length;
  }

  PathElement element(int index) {
    return elements[index];
  }

  boolean isMember(int index) {
    return members[index];
  }

  FieldSet below(int index) {
    FieldSet found = below[index];
    return found == null ? EMPTY : found;
  }

  private int find(PathElement element) {
    return elements.length == 0 ? -1 : Arrays.binarySearch(elements, element);
  }

  /// Whether the path of this one step is in the set.
  public boolean has(PathElement element) {
    int index = find(element);
    return index >= 0 && members[index];
  }

  public boolean contains(List<PathElement> path) {
    FieldSet set = this;
    for (int i = 0; i < path.size() - 1; i++) {
      set = set.below(path.get(i));
    }
    return !path.isEmpty() && set.has(path.getLast());
  }

  /// The rest of the paths that begin with `element`.
  public FieldSet below(PathElement element) {
    int index = find(element);
    return index < 0 ? EMPTY : below(index);
  }

  /// The paths that are in this set or the other.
  public FieldSet union(FieldSet other) {
    if (this == other || other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    FieldSetBuilder union = new FieldSetBuilder();
    int i = 0;
    int j = 0;
    while (i < elements.length || j < other.elements.length) {
      int order = order(i, other, j);
      if (order < 0) {
        union.add(elements[i], members[i], below[i++]);
      } else if (order > 0) {
        union.add(other.elements[j], other.members[j], other.below[j++]);
      } else {
        union.add(elements[i], members[i] || other.members[j], below(i++).union(other.below(j++)));
      }
    }
    FieldSet made = union.build();
    return made.equals(this) ? this : made;
  }

  /// Which of two sets has the next step: negative for this one, positive for the other, 0 for
  /// both.
  private int order(int i, FieldSet other, int j) {
    if (i == elements.length) {
      return 1;
    }
    return j == other.elements.length ? -1 : elements[i].compareTo(other.elements[j]);
  }

  /// The paths that are in both sets.
  public FieldSet intersection(FieldSet other) {
    return common(other, true);
  }

  /// The paths that are in this set and not in the other.
  public FieldSet difference(FieldSet other) {
    return common(other, false);
  }

  private FieldSet common(FieldSet other, boolean kept) {
    if (isEmpty() || other.isEmpty()) {
      return kept ? EMPTY : this;
    }
    FieldSetBuilder rest = new FieldSetBuilder();
    boolean same = true;
    int j = 0;
    for (int i = 0; i < elements.length; i++) {
      while (j < other.elements.length && other.elements[j].compareTo(elements[i]) < 0) {
        j++;
      }
      boolean there = j < other.elements.length && other.elements[j].compareTo(elements[i]) == 0;
      FieldSet inner = below(i);
      boolean member = members[i] && (there && other.members[j]) == kept;
      FieldSet left = there ? inner.common(other.below(j), kept) : kept ? EMPTY : inner;
      same &= member == members[i] && left == inner;
      rest.add(elements[i], member, left);
    }
    return same ? this : rest.build();
  }

  /// The paths that are neither in the other set nor go on from a path that is.
  public FieldSet without(FieldSet excluded) {
    if (isEmpty() || excluded.isEmpty()) {
      return this;
    }
    FieldSetBuilder rest = new FieldSetBuilder();
    boolean same = true;
    for (int i = 0; i < elements.length; i++) {
      int index = excluded.find(elements[i]);
      if (index < 0) {
        rest.add(elements[i], members[i], below[i]);
      } else if (excluded.members[index]) {
        same = false;
      } else {
        FieldSet inner = below(i);
        FieldSet left = inner.without(excluded.below(index));
        same &= left == inner;
        rest.add(elements[i], members[i], left);
      }
    }
    return same ? this : rest.build();
  }

  /// The paths that lead along the given fields, as far as they go. The name `*` stands for a step
  /// of any sort.
  public FieldSet onlyAlong(List<String> names) {
    if (names.isEmpty()) {
      return this;
    }
    FieldSetBuilder rest = new FieldSetBuilder();
    for (int i = 0; i < elements.length; i++) {
      boolean matches =
          names.getFirst().equals("*")
              || (elements[i] instanceof PathElement.Field(String name)
                  && name.equals(names.getFirst()));
      if (matches) {
        rest.add(elements[i], members[i], below(i).onlyAlong(names.subList(1, names.size())));
      }
    }
    return rest.build();
  }

  /// Whether all paths of this set are in the other.
  public boolean isSubsetOf(FieldSet other) {
    for (int i = 0; i < elements.length; i++) {
      int index = other.find(elements[i]);
      if (index < 0
          || (members[i] && !other.members[index])
          || !below(i).isSubsetOf(other.below(index))) {
        return false;
      }
    }
    return true;
  }

  /// Tells every path of the set: first those that end at a step, then those that go on from it.
  public void forEach(Consumer<List<PathElement>> action) {
    forEach(new ArrayList<>(), action);
  }

  private void forEach(List<PathElement> path, Consumer<List<PathElement>> action) {
    for (int i = 0; i < elements.length; i++) {
      if (members[i]) {
        path.add(elements[i]);
        action.accept(List.copyOf(path));
        path.removeLast();
      }
    }
    for (int i = 0; i < elements.length; i++) {
      path.add(elements[i]);
      below(i).forEach(path, action);
      path.removeLast();
    }
  }

  /// A path as messages show it: `.spec.containers[name="web"].image`.
  public static String text(List<PathElement> path) {
    StringBuilder text = new StringBuilder();
    path.forEach(text::append);
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof FieldSet that
            && Arrays.equals(members, that.members)
            && Arrays.equals(elements, that.elements)
            && Arrays.equals(below, that.below));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(elements) + Arrays.hashCode(below);
  }

  /// The paths, one a line.
  @Override
  public String toString() {
    List<String> paths = new ArrayList<>();
    forEach(path -> paths.add(text(path)));
    return String.join("\n", paths);
  }
}
