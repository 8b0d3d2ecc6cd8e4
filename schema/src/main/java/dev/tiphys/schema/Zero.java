package dev.tiphys.schema;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;

/// What a struct of a type is before anything is set: the fields that always stand in it, with
/// their empty values. Defaults are not among them.
final class Zero {

  private Zero() {}

  static Struct of(Type type) {
    StructBuilder zero = new StructBuilder();
    for (Field field : type.fields()) {
      if (field.presence().always()) {
        zero.add(field.name(), value(field));
      }
    }
    return zero.build();
  }

  private static Object value(Field field) {
    if (field.presence().nullable()) {
      return Null.NULL;
    }
    return switch (field.type()) {
      case TypeRef ref -> ref.type().zero();
      case FieldType.ListOf _, FieldType.MapOf _ -> Null.NULL;
      case Scalar scalar -> Scalars.empty(scalar);
    };
  }
}
