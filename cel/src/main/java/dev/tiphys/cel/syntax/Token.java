package dev.tiphys.cel.syntax;

import org.jspecify.annotations.Nullable;

/// A word of the language.
///
/// @param value what a literal stands for; null for other words
record Token(Kind kind, String text, int position, @Nullable Object value) {

  enum Kind {
    SYMBOL,
    IDENTIFIER,
    /// A name in backquotes.
    QUOTED,
    /// `true`, `false`, `null` and all else that stands for itself.
    LITERAL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /// The token as messages show it.
  String shown() {
    return kind == Kind.END ? "'<EOF>'" : "'" + text.replace("\n", "\\n") + "'";
  }
}
