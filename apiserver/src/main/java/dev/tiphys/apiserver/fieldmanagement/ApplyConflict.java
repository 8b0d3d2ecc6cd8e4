package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.PathElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is applied differs from what others own.
final class ApplyConflict extends Exception {

  private static final long serialVersionUID = 1;

  private final transient SortedMap<Manager, FieldSet> fields;

  /// @param fields that differ, by their owner
  ApplyConflict(Map<Manager, FieldSet> fields) {
    super("apply conflict");
    this.fields = new TreeMap<>(fields);
  }

  /// The fields of all owners.
  FieldSet fields() {
    return fields.values().stream().reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /// The same, but for some fields.
  ApplyConflict without(FieldSet allowed) {
    SortedMap<Manager, FieldSet> left = new TreeMap<>();
    fields.forEach(
        (manager, conflicting) -> {
          FieldSet rest = conflicting.difference(allowed);
          if (!rest.isEmpty()) {
            left.put(manager, rest);
          }
        });
    return new ApplyConflict(left);
  }

  /// What the client is told.
  ApiException refusal() {
    List<Object> causes = new ArrayList<>();
    StringBuilder several = new StringBuilder();
    fields.forEach(
        (manager, conflicting) -> {
          several.append(several.isEmpty() ? "" : "\n").append("conflicts with ").append(manager);
          several.append(':');
          conflicting.forEach(
              path -> {
                causes.add(cause(manager, path));
                several.append("\n- ").append(FieldSet.text(path));
              });
        });
    String message =
        causes.size() == 1
            ? "Apply failed with 1 conflict: conflict with "
                + fields.firstKey()
                + ": "
                + ((Struct) causes.getFirst()).string("field")
            : "Apply failed with " + causes.size() + " conflicts: " + several;
    return ApiException.of(Reason.CONFLICT, message, Struct.of("causes", List.copyOf(causes)));
  }

  private static Struct cause(Manager manager, List<PathElement> path) {
    return Struct.of(
        "reason",
        "FieldManagerConflict",
        "message",
        "conflict with " + manager,
        "field",
        FieldSet.text(path));
  }
}
