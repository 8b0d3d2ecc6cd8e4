package dev.tiphys.node.status;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The smallest strategic merge patch that makes one status out of another.
final class StatusPatch {

  /// Lists that would be merged by their elements' addresses, so that old ones would stay.
  private static final List<String> ADDRESSES = List.of("podIPs", "hostIPs");

  private StatusPatch() {}

  /// Null if there is nothing to change.
  ///
  /// @param uid of the object: another one of the same name must not be patched
  static @Nullable Struct of(String uid, Struct before, Struct now) {
    StructBuilder changed = new StructBuilder();
    now.forEach(
        (name, value) -> {
          if (!value.equals(before.get(name))) {
            changed.add(name, value);
          }
        });
    for (String name : before.names()) {
      if (now.indexOf(name) < 0) {
        changed.add(name, Null.NULL);
      }
    }
    Struct status = changed.build();
    if (status.isEmpty()) {
      return null;
    }
    if (status.has("conditions")) {
      status = withChanged(status, before, now);
    }
    for (String list : ADDRESSES) {
      if (status.has(list) && before.has(list)) {
        status = status.with(list, replaced(status.list(list)));
      }
    }
    return Struct.of("metadata", Struct.of("uid", uid), "status", status);
  }

  /// Only the conditions that changed, and the order of all of them: others may write theirs at the
  /// same time.
  private static Struct withChanged(Struct status, Struct before, Struct now) {
    List<Struct> old = before.structs("conditions");
    List<Struct> changed =
        now.structs("conditions").stream()
            .filter(c -> !old.contains(c))
            .map(c -> withoutRest(c, old))
            .toList();
    List<Struct> order =
        now.structs("conditions").stream().map(c -> Struct.of("type", c.string("type"))).toList();
    return status.with("conditions", changed).with("$setElementOrder/conditions", order);
  }

  /// A condition that takes away what it says no more: conditions are merged field by field.
  private static Struct withoutRest(Struct condition, List<Struct> old) {
    StructBuilder patch = StructBuilder.from(condition);
    for (Struct before : old) {
      if (before.string("type").equals(condition.string("type"))) {
        for (String field : before.names()) {
          if (condition.indexOf(field) < 0) {
            patch.add(field, Null.NULL);
          }
        }
      }
    }
    return patch.build();
  }

  private static List<Object> replaced(List<?> list) {
    List<Object> elements = new ArrayList<>();
    elements.add(Struct.of("$patch", "replace"));
    elements.addAll(list);
    return elements;
  }
}
