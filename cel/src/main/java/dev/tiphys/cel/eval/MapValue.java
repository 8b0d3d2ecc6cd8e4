package dev.tiphys.cel.eval;

import org.jspecify.annotations.Nullable;

/// A map, or an object with declared fields. Keys and values are those of expressions.
public interface MapValue {

  int size();

  /// The value of a key; null if there is none.
  @Nullable Object find(Object key);

  Iterable<?> keys();

  /// Whether a key is among the keys; a map may have values for others too.
  default boolean contains(Object key) {
    return find(key) != null;
  }

  /// Whether it is an object with declared fields, not a map.
  default boolean isObject() {
    return false;
  }
}
