package dev.tiphys.cel.cost;

import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import org.jspecify.annotations.Nullable;

/// How large the keys and values are that an expression puts into a list or map.
///
/// @param container a list or a map
record Entries(Type.Kind container, Range key, Range value) {

  static @Nullable Entries either(@Nullable Entries one, @Nullable Entries other) {
    return one == null || other == null
        ? null
        : new Entries(one.container, one.key.or(other.key), one.value.or(other.value));
  }
}
