package dev.tiphys.schema;

import org.jspecify.annotations.Nullable;

/// A field type that is a struct of a [Type], which is looked up when it is first needed: types
/// refer to each other, and most are never used in a given process.
///
/// Threads: any.
public final class TypeRef implements FieldType {

  private final String name;
  private final TypeTable table;
  private volatile @Nullable Type type;

  TypeRef(String name, TypeTable table) {
    this.name = name;
    this.table = table;
  }

  /// The full name of the type.
  public String name() {
    return name;
  }

  public Type type() {
    Type known = type;
    if (known == null) {
      known = table.type(name);
      type = known;
    }
    return known;
  }
}
