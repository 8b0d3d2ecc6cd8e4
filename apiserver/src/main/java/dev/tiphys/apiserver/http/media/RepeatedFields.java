package dev.tiphys.apiserver.http.media;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Repetition;
import dev.tiphys.schema.Field;
import dev.tiphys.schema.FieldType;
import dev.tiphys.schema.FieldType.ListOf;
import dev.tiphys.schema.FieldType.MapOf;
import dev.tiphys.schema.Scalar;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeRef;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of a field that stands twice in the JSON of an object, as in Go, whose decoder
/// fills in what it has made already: structs and maps keep what only the first one has, elements
/// of lists are filled in one by one, and of everything else the last one counts. Custom objects
/// are read without types: there the last one always counts.
///
/// @param schema what the object looks like
record RepeatedFields(Schema schema) implements Repetition {

  @Override
  public Object value(String path, Object earlier, Object later) {
    return switch (schema) {
      case Type type -> {
        FieldType found = find(type, path);
        yield found == null ? later : merged(found, earlier, later);
      }
      case StructuralSchema _ -> later;
    };
  }

  /// The type of the field at a path; null if there is none, or the path leads through a map.
  private static @Nullable FieldType find(Type root, String path) {
    Type type = root;
    FieldType found = null;
    for (String name : path.replaceAll("\\[\\d+]", "").split("\\.")) {
      Field field = type == null ? null : type.fieldNamed(name);
      if (field == null) {
        return null;
      }
      found = field.type();
      type = found instanceof MapOf ? null : field.content();
    }
    return found;
  }

  private static Object merged(FieldType type, Object earlier, Object later) {
    return switch (type) {
      case Scalar _ -> later;
      case TypeRef ref ->
          earlier instanceof Struct first && later instanceof Struct second
              ? struct(ref.type(), first, second)
              : later;
      case MapOf _ ->
          earlier instanceof Struct first && later instanceof Struct second
              ? StructBuilder.from(first).addAll(second).build()
              : later;
      case ListOf(FieldType element) ->
          earlier instanceof List<?> first && later instanceof List<?> second
              ? list(element, first, second)
              : later;
    };
  }

  private static Struct struct(Type type, Struct earlier, Struct later) {
    StructBuilder merged = StructBuilder.from(earlier);
    for (int i = 0; i < later.size(); i++) {
      Field field = type.fieldNamed(later.name(i));
      Object before = earlier.get(later.name(i));
      merged.add(
          later.name(i),
          field == null || before == null
              ? later.value(i)
              : merged(field.type(), before, later.value(i)));
    }
    return merged.build();
  }

  private static List<Object> list(FieldType element, List<?> earlier, List<?> later) {
    List<Object> merged = new ArrayList<>(later);
    for (int i = 0; i < Math.min(earlier.size(), later.size()); i++) {
      merged.set(i, merged(element, earlier.get(i), later.get(i)));
    }
    return List.copyOf(merged);
  }
}
