package dev.tiphys.schema;

import dev.tiphys.object.encoding.FieldOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The order in which a type declares its fields.
///
/// Threads: any.
final class DeclaredOrder extends FieldOrder {

  private final Type type;
  private final Map<String, Integer> ranks;

  DeclaredOrder(Type type, List<Field> declared) {
    this.type = type;
    this.ranks = HashMap.newHashMap(declared.size());
    declared.forEach(field -> ranks.put(field.name(), ranks.size()));
  }

  @Override
  protected int rank(String field) {
    return ranks.getOrDefault(field, -1);
  }

  @Override
  protected @Nullable FieldOrder content(String field) {
    Field found = type.fieldNamed(field);
    return found == null ? null : of(found.type());
  }

  private static @Nullable FieldOrder of(FieldType type) {
    return switch (type) {
      case TypeRef ref -> ref.type().order();
      case FieldType.ListOf(FieldType element) -> of(element);
      case FieldType.MapOf(FieldType value) -> {
        FieldOrder inner = of(value);
        yield inner == null ? null : new OfValues(inner);
      }
      case Scalar scalar -> scalar.holdsSchemas() ? TypeTable.BUILT_IN.jsonSchema().order() : null;
    };
  }

  /// Maps are in the order of their keys; the structs in them follow their type.
  private static final class OfValues extends FieldOrder {
    private final FieldOrder values;

    OfValues(FieldOrder values) {
      this.values = values;
    }

    @Override
    protected int rank(String field) {
      return 0;
    }

    @Override
    protected FieldOrder content(String field) {
      return values;
    }
  }
}
