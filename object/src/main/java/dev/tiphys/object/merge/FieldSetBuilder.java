package dev.tiphys.object.merge;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Collects the paths of a [FieldSet] by their first step. Steps cost least if they come in order;
/// a step may come several times.
///
/// Threads: one.
public final class FieldSetBuilder {

  private PathElement[] elements = new PathElement[4];
  private boolean[] members = new boolean[4];
  private @Nullable FieldSet[] below = new FieldSet[4];
  private int size;
  private boolean ordered = true;

  /// Adds paths that begin with one step. Returns this.
  ///
  /// @param member whether the path that ends there is one of them
  /// @param rest of those that go on; null for none
  public FieldSetBuilder add(PathElement element, boolean member, @Nullable FieldSet rest) {
    FieldSet more = rest == null || rest.isEmpty() ? null : rest;
    if (!member && more == null) {
      return this;
    }
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, 2 * size);
      members = Arrays.copyOf(members, 2 * size);
      below = Arrays.copyOf(below, 2 * size);
    }
    ordered = ordered && (size == 0 || elements[size - 1].compareTo(element) < 0);
    elements[size] = element;
    members[size] = member;
    below[size++] = more;
    return this;
  }

  public FieldSet build() {
    if (size == 0) {
      return FieldSet.EMPTY;
    }
    if (ordered) {
      return new FieldSet(
          Arrays.copyOf(elements, size), Arrays.copyOf(members, size), Arrays.copyOf(below, size));
    }
    return sorted().build();
  }

  /// The same, in order and with steps that came several times made one.
  private FieldSetBuilder sorted() {
    int[] places =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparing(place -> elements[place]))
            .mapToInt(Integer::intValue)
            .toArray();
    FieldSetBuilder sorted = new FieldSetBuilder();
    for (int place : places) {
      int last = sorted.size - 1;
      if (last >= 0 && sorted.elements[last].compareTo(elements[place]) == 0) {
        sorted.members[last] |= members[place];
        sorted.below[last] = union(sorted.below[last], below[place]);
      } else {
        sorted.add(elements[place], members[place], below[place]);
      }
    }
    return sorted;
  }

  private static @Nullable FieldSet union(@Nullable FieldSet left, @Nullable FieldSet right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return left.union(right);
  }
}
