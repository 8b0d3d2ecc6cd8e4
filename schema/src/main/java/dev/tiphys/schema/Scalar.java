package dev.tiphys.schema;

/// The types of values that have no fields of their own, or none that a table could list.
public enum Scalar implements FieldType {
  STRING("string"),
  BOOL("bool"),
  INT32("int32"),
  INT64("int64"),
  DOUBLE("double"),
  /// Bytes, as base64 text.
  BYTES("bytes"),
  /// A [dev.tiphys.object.Quantity], as its canonical text.
  QUANTITY("quantity"),
  INT_OR_STRING("intOrString"),
  /// A time in whole seconds.
  TIME("time"),
  /// A time in microseconds.
  MICRO_TIME("microTime"),
  /// A span of time as Go writes it: `1h30m`.
  DURATION("duration"),
  /// Any tree; kept as it is.
  ANY("any"),
  /// The set of fields that a manager owns; kept as it is.
  FIELDS("fields"),
  /// Any tree, in a JSON schema.
  JSON("json"),
  /// A JSON schema or a boolean.
  SCHEMA_OR_BOOL("schemaOrBool"),
  /// A JSON schema or a list of them.
  SCHEMA_OR_ARRAY("schemaOrArray"),
  /// A JSON schema or a list of names.
  SCHEMA_OR_STRINGS("schemaOrStrings");

  private final String word;

  Scalar(String word) {
    this.word = word;
  }

  /// Whether there may be JSON schemas in it.
  boolean holdsSchemas() {
    return this == SCHEMA_OR_BOOL || this == SCHEMA_OR_ARRAY || this == SCHEMA_OR_STRINGS;
  }

  /// The word for it in the type table.
  public String word() {
    return word;
  }
}
