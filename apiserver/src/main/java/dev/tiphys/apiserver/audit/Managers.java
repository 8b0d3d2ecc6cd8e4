package dev.tiphys.apiserver.audit;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.function.UnaryOperator;

/// Leaves the records of who owns which fields out of what is shown.
final class Managers {

  private Managers() {}

  /// An object without them; a list or a Table with none of them in its objects.
  static Struct omitted(Struct object) {
    Struct bare = object.withoutAt("metadata", "managedFields");
    bare = each(bare, "items", item -> item.withoutAt("metadata", "managedFields"));
    return bare.string("kind").equals("Table")
        ? each(bare, "rows", row -> row.withoutAt("object", "metadata", "managedFields"))
        : bare;
  }

  private static Struct each(Struct object, String list, UnaryOperator<Struct> change) {
    if (!object.has(list)) {
      return object;
    }
    List<?> changed =
        object.list(list).stream()
            .map(each -> each instanceof Struct struct ? change.apply(struct) : each)
            .toList();
    return object.with(list, changed);
  }
}
