package dev.tiphys.schema;

/// What a field holds.
public sealed interface FieldType permits Scalar, FieldType.ListOf, FieldType.MapOf, TypeRef {

  /// A list of values of one type.
  record ListOf(FieldType element) implements FieldType {}

  /// A map from any names to values of one type.
  record MapOf(FieldType value) implements FieldType {}
}
