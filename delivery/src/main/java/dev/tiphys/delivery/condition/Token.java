package dev.tiphys.delivery.condition;

/// A piece of a condition.
///
/// @param kind what it is
/// @param text as it is written; of a text what it says
/// @param column where it stands, from 1 on
record Token(Kind kind, String text, int column) {

  enum Kind {
    NUMBER,
    TEXT,
    NAME,
    SYMBOL,
    END
  }

  /// Whether it is this symbol, or the word that is written for one.
  boolean is(String symbol) {
    return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbol);
  }
}
