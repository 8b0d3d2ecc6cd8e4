package dev.tiphys.apiserver.custom;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Sets the conditions of definitions.
public final class DefinitionConditions {

  private DefinitionConditions() {}

  /// A definition with a condition. It has its status since now, unless it had it before.
  public static Struct with(
      Struct definition, String type, boolean holds, String reason, String message, Instant now) {
    String status = holds ? "True" : "False";
    Struct before = Meta.condition(definition, type);
    Object since =
        before != null && before.string("status").equals(status)
            ? before.get("lastTransitionTime")
            : null;
    Struct condition =
        new StructBuilder()
            .add("lastTransitionTime", since == null ? Timestamps.seconds(now) : since)
            .add("message", message)
            .add("reason", reason)
            .add("status", status)
            .add("type", type)
            .build();
    List<Object> conditions = new ArrayList<>();
    boolean replaced = false;
    for (Struct each : definition.structs("status", "conditions")) {
      boolean same = each.string("type").equals(type);
      conditions.add(same ? condition : each);
      replaced |= same;
    }
    if (!replaced) {
      conditions.add(condition);
    }
    return definition.withAt(List.copyOf(conditions), "status", "conditions");
  }
}
