package dev.tiphys.object.merge;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.merge.MergeShape.ListShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import dev.tiphys.object.merge.MergeShape.Ownership;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The elements of a list that is owned element by element.
///
/// @param steps to each element, in the order of the list
/// @param values the elements, by their step: several where a step leads to several
record ListElements(List<PathElement> steps, Map<PathElement, List<Object>> values) {

  /// @param list null for none
  /// @throws MergeException if there is an element that can't be told from others
  static ListElements of(@Nullable List<?> list, ListShape shape) {
    if (list == null || list.isEmpty()) {
      return new ListElements(List.of(), Map.of());
    }
    List<PathElement> steps = new ArrayList<>(list.size());
    Map<PathElement, List<Object>> values = LinkedHashMap.newLinkedHashMap(list.size());
    for (int i = 0; i < list.size(); i++) {
      Object value = list.get(i);
      PathElement step = step(value, i, shape);
      steps.add(step);
      List<Object> first = values.putIfAbsent(step, List.of(value));
      if (first != null) {
        List<Object> more = new ArrayList<>(first);
        more.add(value);
        values.put(step, more);
      }
    }
    return new ListElements(steps, values);
  }

  /// All elements that a step leads to.
  List<Object> at(PathElement step) {
    return values.getOrDefault(step, List.of());
  }

  boolean has(PathElement step) {
    return values.containsKey(step);
  }

  /// The step to an element.
  static PathElement step(Object element, int index, ListShape shape) {
    if (shape.ownership() == Ownership.ATOMIC) {
      return new PathElement.Index(index);
    }
    return shape.keys().isEmpty() ? value(element, index) : key(element, index, shape);
  }

  private static PathElement value(Object element, int index) {
    return switch (element) {
      case Struct _ ->
          throw problem(index, "associative list without keys has an element that's a map type");
      case List<?> _ ->
          throw problem(index, "not supported: associative list with lists as elements");
      case Null _ ->
          throw problem(
              index, "associative list without keys has an element that's an explicit null");
      default -> new PathElement.Value(element);
    };
  }

  private static PathElement key(Object element, int index, ListShape shape) {
    if (!(element instanceof Struct struct)) {
      throw problem(
          index,
          element == Null.NULL
              ? "associative list with keys may not have a null element"
              : "associative list with keys may not have non-map elements");
    }
    StructBuilder fields = new StructBuilder(shape.keys().size());
    for (String key : shape.keys()) {
      Object value = struct.get(key);
      Object found = value == null ? fallback(shape, key) : value;
      if (found == null) {
        throw problem(
            index,
            "associative list with keys has an element that omits key field \""
                + key
                + "\" (and doesn't have default value)");
      }
      fields.add(key, found);
    }
    return new PathElement.Key(fields.build());
  }

  private static @Nullable Object fallback(ListShape shape, String key) {
    MapShape map = shape.elements().map();
    return map == null ? null : map.fallback(key);
  }

  private static MergeException problem(int index, String text) {
    return new MergeException("", "element " + index + ": " + text);
  }
}
