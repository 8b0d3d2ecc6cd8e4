package dev.tiphys.cel;

import org.jspecify.annotations.Nullable;

/// The values of the variables of an expression. Each is asked for once at most.
@FunctionalInterface
public interface Variables {

  /// A value of the object tree, or one that functions made; null if the variable has none.
  @Nullable Object value(String name);
}
