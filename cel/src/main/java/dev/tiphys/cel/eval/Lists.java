package dev.tiphys.cel.eval;

import dev.tiphys.cel.CostException;
import dev.tiphys.cel.Type;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<Same, Integer> places = new HashMap<>();
    for (Object element : one) {
      places.putIfAbsent(new Same(element, by), joined.size());
      joined.add(element);
    }
    for (Object element : other) {
      Integer place = places.putIfAbsent(new Same(element, by), joined.size());
      if (place == null) {
        joined.add(element);
      } else {
        joined.set(place, element);
      }
    }
    return new TreeList(joined, ((TreeList) one).type());
  }

  /// Whether two lists hold the same in any order.
  static boolean equal(List<?> one, List<?> other, Type.Correlation by) {
    if (one.size() != other.size()) {
      return false;
    }
    Map<Same, Object> elements = new HashMap<>();
    other.forEach(element -> elements.putIfAbsent(new Same(element, by), element));
    for (Object element : one) {
      Object counterpart = elements.get(new Same(element, by));
      if (counterpart == null || !Values.equal(element, counterpart)) {
        return false;
      }
    }
    return true;
  }

  /// An element by what tells it from the others of its list: its keys, or all of it.
  private record Same(Object element, Type.Correlation by) {

    @Override
    public boolean equals(@Nullable Object object) {
      return object instanceof Same(Object other, Type.Correlation _) && isSame(element, other, by);
    }

    @Override
    public int hashCode() {
      if (by.keys().isEmpty() || !(element instanceof MapValue map)) {
        return hash(element);
      }
      int hash = 0;
      for (String key : by.keys()) {
        hash = 31 * hash + hash(map.find(key));
      }
      return hash;
    }

    /// Equal values have equal numbers.
    private static int hash(@Nullable Object value) {
      return switch (value) {
        case Number number -> Double.hashCode(number.doubleValue() + 0.0);
        case String text -> text.hashCode();
        case Boolean truth -> truth.hashCode();
        case null, default -> 0;
      };
    }
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
