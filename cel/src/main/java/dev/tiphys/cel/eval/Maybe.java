package dev.tiphys.cel.eval;

import org.jspecify.annotations.Nullable;

/// An optional value.
///
/// @param value null if there is none
public record Maybe(@Nullable Object value) {

  public static final Maybe NONE = new Maybe(null);

  public boolean isEmpty() {
    return value == null;
  }
}
