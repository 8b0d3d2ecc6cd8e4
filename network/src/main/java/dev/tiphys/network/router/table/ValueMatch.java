package dev.tiphys.network.router.table;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/// What a value must look like.
public sealed interface ValueMatch {

  /// @param value null if there is none
  boolean matches(@Nullable String value);

  /// Any value, but one there must be.
  record Present() implements ValueMatch {
    @Override
    public boolean matches(@Nullable String value) {
      return value != null;
    }
  }

  /// That value.
  record Exact(String expected) implements ValueMatch {
    @Override
    public boolean matches(@Nullable String value) {
      return expected.equals(value);
    }
  }

  /// A value that begins so.
  record Prefix(String prefix) implements ValueMatch {
    @Override
    public boolean matches(@Nullable String value) {
      return value != null && value.startsWith(prefix);
    }
  }

  /// A value that an expression matches from beginning to end.
  record Expression(Pattern pattern) implements ValueMatch {
    @Override
    public boolean matches(@Nullable String value) {
      return value != null && pattern.matches(value);
    }
  }
}
