package dev.tiphys.cel.eval;

import org.jspecify.annotations.Nullable;

/// A map, or an object with declared fields. Keys and values are those of expressions.
public interface MapValue {

  int size();

  /// The value of a key; null if there is none.
  @Nullable Object find(Object key);

  Iterable<?> keys();

  /// Whether it is an object with declared fields, not a map.
  default boolean isObject() {
    return false;
  }
}
