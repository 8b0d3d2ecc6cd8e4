package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value and the one that it replaces, as far as the schema tells which one that is: fields by
/// their names, elements of a list by its keys, if it has any.
///
/// Threads: one.
final class Correlation {

  private final Object now;
  private final Object before;
  private final Struct schema;
  private @Nullable Boolean unchanged;
  private @Nullable KeyedElements elements;

  Correlation(Object now, Object before, Struct schema) {
    this.now = now;
    this.before = before;
    this.schema = schema;
  }

  /// Whether the value is what it was, as far as every part of it has one that it replaces.
  boolean isUnchanged() {
    Boolean known = unchanged;
    if (known == null) {
      known = compare();
      unchanged = known;
    }
    return known;
  }

  private boolean compare() {
    if (now instanceof Struct struct && before instanceof Struct old) {
      return struct.size() == old.size()
          && struct.names().stream().allMatch(name -> isUnchanged(field(name)));
    }
    if (now instanceof List<?> list && before instanceof List<?> old) {
      if (list.size() != old.size()) {
        return false;
      }
      if (!Schemas.isMap(schema)) {
        return list.equals(old);
      }
      for (int i = 0; i < list.size(); i++) {
        if (!isUnchanged(element(i))) {
          return false;
        }
      }
      return true;
    }
    return now.equals(before);
  }

  private static boolean isUnchanged(@Nullable Correlation part) {
    return part != null && part.isUnchanged();
  }

  /// A field, if it was there before.
  @Nullable Correlation field(String name) {
    Struct part = Schemas.field(schema, name);
    Object value = now instanceof Struct struct ? struct.get(name) : null;
    Object old = before instanceof Struct struct ? struct.get(name) : null;
    return part == null || value == null || old == null ? null : new Correlation(value, old, part);
  }

  /// An element of a list, if there was one with the same keys.
  @Nullable Correlation element(int index) {
    if (!(now instanceof List<?> list
        && before instanceof List<?> old
        && Schemas.isMap(schema)
        && schema.get("items") instanceof Struct items)) {
      return null;
    }
    KeyedElements known = elements;
    if (known == null) {
      known = new KeyedElements(old, schema);
      elements = known;
    }
    Object counterpart = known.counterpart(list.get(index));
    return counterpart == null ? null : new Correlation(list.get(index), counterpart, items);
  }
}
