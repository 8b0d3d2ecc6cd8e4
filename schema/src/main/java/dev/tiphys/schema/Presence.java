package dev.tiphys.schema;

/// When a field stands in an object. Upstream's types decide it by how they are declared in Go.
public enum Presence {
  /// When it was set, be it to its empty value: a pointer.
  WHEN_SET,
  /// When its value is not the empty one.
  WHEN_NOT_EMPTY,
  /// Always: an absent value is written as the empty one, an empty list as null.
  ALWAYS,
  /// Always; null when it was not set.
  ALWAYS_NULLABLE;

  /// Whether the field has no value when it was not set, rather than an empty one.
  public boolean nullable() {
    return this == WHEN_SET || this == ALWAYS_NULLABLE;
  }

  boolean always() {
    return this == ALWAYS || this == ALWAYS_NULLABLE;
  }
}
