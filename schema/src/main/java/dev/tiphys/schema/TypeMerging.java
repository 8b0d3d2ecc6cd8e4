package dev.tiphys.schema;

import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import dev.tiphys.object.merge.MergeShape.Ownership;
import dev.tiphys.object.merge.MergeShape.Scalars;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// How structs of a type are merged by server-side apply. What is said of a field is worked out
/// when it is first asked for, since types refer to each other.
///
/// Threads: any.
final class TypeMerging implements MapShape {

  private final Type type;
  private final boolean atomic;
  private final AtomicReferenceArray<@Nullable MergeShape> shapes;

  private TypeMerging(Type type, boolean atomic) {
    this.type = type;
    this.atomic = atomic;
    this.shapes = new AtomicReferenceArray<>(type.fields().size());
  }

  static MergeShape of(Type type) {
    return MergeShape.ofMap(new TypeMerging(type, type.isAtomic()));
  }

  @Override
  public boolean isAtomic() {
    return atomic;
  }

  @Override
  public boolean declares(String field) {
    return type.indexOf(field) >= 0;
  }

  @Override
  public @Nullable MergeShape field(String name) {
    int index = type.indexOf(name);
    if (index < 0) {
      return null;
    }
    MergeShape known = shapes.get(index);
    if (known == null) {
      Field field = type.fields().get(index);
      known = shape(field.type(), field.merging());
      shapes.set(index, known);
    }
    return known;
  }

  @Override
  public @Nullable Object fallback(String field) {
    int index = type.indexOf(field);
    return index < 0 ? null : type.fields().get(index).defaultValue();
  }

  private static MergeShape shape(FieldType type, Field.Merging merging) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar);
      case TypeRef ref ->
          merging.atomic()
              ? MergeShape.ofMap(new TypeMerging(ref.type(), true))
              : ref.type().merging();
      case FieldType.ListOf(FieldType element) ->
          MergeShape.ofList(ownership(merging), merging.keys(), shapeInside(element));
      case FieldType.MapOf(FieldType value) ->
          MergeShape.ofEntries(merging.atomic(), shapeInside(value));
    };
  }

  /// The shape of a value that no field has, but a list or a map.
  private static MergeShape shapeInside(FieldType type) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar);
      case TypeRef ref -> ref.type().merging();
      case FieldType.ListOf(FieldType element) ->
          MergeShape.ofList(Ownership.ATOMIC, List.of(), shapeInside(element));
      case FieldType.MapOf(FieldType value) -> MergeShape.ofEntries(false, shapeInside(value));
    };
  }

  private static Ownership ownership(Field.Merging merging) {
    return merging.set()
        ? Ownership.SET
        : merging.keys().isEmpty() ? Ownership.ATOMIC : Ownership.MAP;
  }

  private static MergeShape scalar(Scalar scalar) {
    return switch (scalar) {
      case STRING, BYTES, DURATION -> MergeShape.ofScalars(Scalars.STRING);
      case BOOL -> MergeShape.ofScalars(Scalars.BOOLEAN);
      case INT32, INT64, DOUBLE -> MergeShape.ofScalars(Scalars.NUMBER);
      case QUANTITY, INT_OR_STRING, TIME, MICRO_TIME -> MergeShape.ofScalars(Scalars.ANY);
      case ANY, FIELDS -> MergeShape.ofEntries(false, MergeShape.DEDUCED);
      case JSON, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> MergeShape.WHOLE;
    };
  }
}
