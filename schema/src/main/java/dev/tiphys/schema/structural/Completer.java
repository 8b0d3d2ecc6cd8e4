package dev.tiphys.schema.structural;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fills in the defaults of a schema.
final class Completer {

  private Completer() {}

  /// `value` with the defaults of all that is in it; the same instance if there is nothing to add.
  static Object complete(Object value, @Nullable Node node) {
    if (node == null) {
      return value;
    }
    return switch (value) {
      case Struct struct -> struct(struct, node);
      case List<?> list when node.items() != null -> list(list, node.items());
      default -> value;
    };
  }

  static Struct struct(Struct struct, Node node) {
    StructBuilder changed = null;
    for (Map.Entry<String, Node> property : node.properties().entrySet()) {
      Object fallback = property.getValue().fallback();
      if (fallback != null && property.getValue().isAbsent(struct.get(property.getKey()))) {
        changed = changed == null ? StructBuilder.from(struct) : changed;
        changed.put(property.getKey(), fallback);
      }
    }
    Struct whole = changed == null ? struct : changed.build();
    changed = null;
    for (int i = 0; i < whole.size(); i++) {
      Object before = whole.value(i);
      Object after = element(before, node.field(whole.name(i)));
      if (after != before) {
        changed = changed == null ? StructBuilder.from(whole) : changed;
        changed.put(whole.name(i), after);
      }
    }
    return changed == null ? whole : changed.build();
  }

  private static List<?> list(List<?> list, Node items) {
    List<Object> changed = null;
    for (int i = 0; i < list.size(); i++) {
      Object before = list.get(i);
      Object after = element(before, items);
      if (after != before) {
        changed = changed == null ? new ArrayList<>(list) : changed;
        changed.set(i, after);
      }
    }
    return changed == null ? list : List.copyOf(changed);
  }

  private static Object element(Object value, @Nullable Node node) {
    Object fallback = node == null ? null : node.fallback();
    boolean absent = fallback != null && node != null && node.isAbsent(value);
    return complete(absent && fallback != null ? fallback : value, node);
  }
}
