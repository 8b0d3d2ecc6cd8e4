package dev.tiphys.schema.structural;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.TypeTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Drops the fields that a schema does not have, and nulls that mean nothing.
///
/// Threads: one; made for one tree.
final class Pruner {

  private static final Schema METADATA =
      TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

  private final Consumer<String> unknown;
  private final StringBuilder path = new StringBuilder();

  /// @param unknown told the path of every field that is dropped
  Pruner(Consumer<String> unknown) {
    this.unknown = unknown;
  }

  /// @param node what is said of the struct; null for nothing
  /// @param kept whether fields that the schema does not have are kept here
  Struct struct(Struct struct, @Nullable Node node, boolean kept) {
    StructBuilder changed = null;
    for (int i = 0; i < struct.size(); i++) {
      Object before = struct.value(i);
      Object after = field(struct.name(i), before, node, kept);
      if (after != before && changed == null) {
        changed = new StructBuilder(struct.size());
        for (int j = 0; j < i; j++) {
          changed.put(struct.name(j), struct.value(j));
        }
      }
      if (changed != null && after != null) {
        changed.put(struct.name(i), after);
      }
    }
    return changed == null ? struct : changed.build();
  }

  /// The field's value; null if the field is to be dropped.
  private @Nullable Object field(String name, Object value, @Nullable Node node, boolean kept) {
    if (node != null && node.embedded()) {
      switch (name) {
        case "apiVersion", "kind" -> {
          return value;
        }
        case "metadata" -> {
          return metadata(value);
        }
        default -> {}
      }
    }
    Node declared = node == null ? null : node.field(name);
    if (declared != null) {
      boolean dropped = declared.fallback() == null && declared.isAbsent(value);
      return dropped ? null : at(name, value, declared, declared.preserves());
    }
    if (node != null && node.open()) {
      return at(name, value, null, false);
    }
    if (kept) {
      return value;
    }
    unknown.accept(path.isEmpty() ? name : path + "." + name);
    return null;
  }

  private Object at(String name, Object value, @Nullable Node node, boolean kept) {
    int length = path.length();
    path.append(path.isEmpty() ? "" : ".").append(name);
    Object after = value(value, node, kept);
    path.setLength(length);
    return after;
  }

  /// @param node what is said of the value; null for nothing
  Object value(Object value, @Nullable Node node, boolean kept) {
    return switch (value) {
      case Struct struct -> struct(struct, node, kept);
      case List<?> list -> list(list, node == null ? null : node.items(), kept);
      default -> value;
    };
  }

  private List<?> list(List<?> list, @Nullable Node items, boolean kept) {
    boolean keptInside = kept || (items != null && items.preserves());
    List<Object> changed = null;
    for (int i = 0; i < list.size(); i++) {
      int length = path.length();
      path.append('[').append(i).append(']');
      Object before = list.get(i);
      Object after = value(before, items, keptInside);
      path.setLength(length);
      if (after != before) {
        changed = changed == null ? new ArrayList<>(list) : changed;
        changed.set(i, after);
      }
    }
    return changed == null ? list : List.copyOf(changed);
  }

  /// Metadata has the same form everywhere, whatever the schema says of it.
  private @Nullable Object metadata(Object value) {
    String prefix = path.isEmpty() ? "metadata." : path + ".metadata.";
    return switch (value) {
      case Struct metadata -> METADATA.normalize(metadata, found -> unknown.accept(prefix + found));
      case Null _ -> null;
      default ->
          throw new DecodingException(
              "json: cannot unmarshal "
                  + Json.kind(value)
                  + " into Go struct field ."
                  + prefix.substring(0, prefix.length() - 1)
                  + " of type v1.ObjectMeta");
    };
  }
}
