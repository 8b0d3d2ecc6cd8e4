package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The elements of a list that is a map, by their keys.
///
/// Threads: one.
final class KeyedElements {

  private final List<String> keys;
  private final Map<Object, Struct> elements = new HashMap<>();

  /// @param schema that of the list; elements of other lists are not to be found
  KeyedElements(List<?> list, Struct schema) {
    this.keys = Schemas.isMap(schema) ? schema.strings("x-kubernetes-list-map-keys") : List.of();
    for (Object element : list) {
      Object key = keyOf(element);
      if (key != null) {
        elements.putIfAbsent(key, (Struct) element);
      }
    }
  }

  /// The element with the keys of another; null if there is none, or if one of the keys is not set.
  @Nullable Object counterpart(Object element) {
    Object key = keyOf(element);
    return key == null ? null : elements.get(key);
  }

  /// Several keys are put into one text: texts have an order, so that no choice of them makes the
  /// map slow.
  private @Nullable Object keyOf(Object element) {
    if (keys.isEmpty() || !(element instanceof Struct struct)) {
      return null;
    }
    if (keys.size() == 1) {
      Object value = struct.get(keys.getFirst());
      return isScalar(value) ? value : null;
    }
    StringBuilder text = new StringBuilder();
    for (String key : keys) {
      Object value = struct.get(key);
      if (!isScalar(value)) {
        return null;
      }
      text.append(value instanceof String ? '"' : '\0').append(value).append('\0');
    }
    return text.toString();
  }

  private static boolean isScalar(@Nullable Object value) {
    return value != null
        && value != Null.NULL
        && !(value instanceof Struct)
        && !(value instanceof List<?>);
  }
}
