package dev.tiphys.schema.defaults;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Changes to trees that return the very same tree when they change nothing.
final class Edits {

  private Edits() {}

  /// `tree` with `change` done to the struct in a field; untouched if there is none.
  static Struct in(Struct tree, String field, UnaryOperator<Struct> change) {
    return tree.get(field) instanceof Struct inner ? tree.with(field, change.apply(inner)) : tree;
  }

  /// `tree` with `change` done to every struct in a list.
  static Struct inEach(Struct tree, String field, UnaryOperator<Struct> change) {
    return tree.get(field) instanceof List<?> list ? tree.with(field, each(list, change)) : tree;
  }

  private static List<?> each(List<?> list, UnaryOperator<Struct> change) {
    List<Object> changed = null;
    for (int i = 0; i < list.size(); i++) {
      Object before = list.get(i);
      Object after = before instanceof Struct struct ? change.apply(struct) : before;
      if (after != before && changed == null) {
        changed = new ArrayList<>(list);
      }
      if (changed != null) {
        changed.set(i, after);
      }
    }
    return changed == null ? list : List.copyOf(changed);
  }

  /// `tree` with a field set, unless it has a value.
  static Struct fill(Struct tree, String field, Object value) {
    return isAbsent(tree, field) ? tree.with(field, value) : tree;
  }

  /// `tree` with the fields of `values` that it lacks.
  static Struct fillAll(Struct tree, Struct values) {
    Struct filled = tree;
    for (int i = 0; i < values.size(); i++) {
      filled = fill(filled, values.name(i), values.value(i));
    }
    return filled;
  }

  /// `tree` with a map in it completed by the entries of `values` that the map lacks.
  static Struct fillMap(Struct tree, String field, Struct values) {
    return values.isEmpty() ? tree : tree.with(field, fillAll(tree.struct(field), values));
  }

  static boolean isAbsent(Struct tree, String field) {
    Object value = tree.get(field);
    return value == null || value == Null.NULL;
  }
}
