package dev.tiphys.template.parse;

import dev.tiphys.template.format.Quoting;

/// A part of a template's text.
///
/// @param at where it begins
/// @param line on which it begins
record Token(Kind kind, int at, String text, int line) {

  enum Kind {
    ERROR,
    BOOL,
    CHAR,
    RUNE,
    ASSIGN,
    DECLARE,
    END_OF_FILE,
    FIELD,
    IDENTIFIER,
    LEFT,
    LEFT_PAREN,
    NUMBER,
    PIPE,
    RAW_STRING,
    RIGHT,
    RIGHT_PAREN,
    SPACE,
    STRING,
    TEXT,
    VARIABLE,
    DOT,
    NIL,
    BLOCK,
    BREAK,
    CONTINUE,
    DEFINE,
    ELSE,
    END,
    IF,
    RANGE,
    TEMPLATE,
    WITH;

    boolean isKeyword() {
      return ordinal() >= DOT.ordinal();
    }
  }

  private static final int LONGEST_SHOWN = 10;

  boolean is(Kind other) {
    return kind == other;
  }

  /// As messages show it.
  @Override
  public String toString() {
    if (kind == Kind.END_OF_FILE) {
      return "EOF";
    }
    if (kind == Kind.ERROR) {
      return text;
    }
    if (kind.isKeyword()) {
      return "<" + text + ">";
    }
    return text.length() > LONGEST_SHOWN
        ? Quoting.quote(text.substring(0, LONGEST_SHOWN)) + "..."
        : Quoting.quote(text);
  }
}
