package dev.tiphys.cel.eval;

import dev.tiphys.cel.CostException;
import dev.tiphys.cel.Type;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// Lists joined and searched.
final class Lists {

  private Lists() {}

  static boolean contains(List<?> list, Object value) {
    for (Object element : list) {
      if (Values.equal(element, value)) {
        return true;
      }
    }
    return false;
  }

  /// Two lists after one another, without a copy of either: joining costs next to nothing, so it
  /// must be next to nothing.
  private static final class Joined extends AbstractList<Object> implements RandomAccess {
    private final List<?> first;
    private final List<?> second;
    private final int size;

    Joined(List<?> first, List<?> second) {
      this.first = first;
      this.second = second;
      long both = (long) first.size() + second.size();
      if (both > Integer.MAX_VALUE) {
        throw new CostException();
      }
      this.size = (int) both;
    }

    @Override
    public Object get(int index) {
      int start = first.size();
      return index < start ? first.get(index) : second.get(index - start);
    }

    @Override
    public int size() {
      return size;
    }
  }

  /// Both lists after one another. A set takes what it lacks; a map of structs takes those that
  /// have its keys in the place of its own.
  static List<?> joined(List<?> one, List<?> other) {
    Type.Correlation by = one instanceof TreeList list ? list.type().correlation() : null;
    if (by == null) {
      return one.isEmpty() ? other : other.isEmpty() ? one : new Joined(one, other);
    }
    List<Object> joined = new ArrayList<>(one.size() + other.size());
    joined.addAll(one);
    for (Object element : other) {
      int place = place(joined, element, by);
      if (place < 0) {
        joined.add(element);
      } else {
        joined.set(place, element);
      }
    }
    return joined;
  }

  private static int place(List<?> list, Object element, Type.Correlation by) {
    for (int i = 0; i < list.size(); i++) {
      if (isSame(list.get(i), element, by)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isSame(Object one, Object other, Type.Correlation by) {
    if (by.keys().isEmpty()) {
      return Values.equal(one, other);
    }
    if (!(one instanceof MapValue first && other instanceof MapValue second)) {
      return false;
    }
    return by.keys().stream().allMatch(key -> equalOrAbsent(first.find(key), second.find(key)));
  }

  private static boolean equalOrAbsent(@Nullable Object one, @Nullable Object other) {
    return one == null || other == null ? Objects.equals(one, other) : Values.equal(one, other);
  }
}
