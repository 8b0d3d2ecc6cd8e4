package dev.tiphys.delivery.condition;

import java.util.ArrayList;
import java.util.List;

/// Takes a condition to pieces.
final class Lexer {

  /// Longer ones first: what begins with another symbol is found before it.
  private static final List<String> SYMBOLS =
      List.of(
          "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "**", "..", "<", ">", "+", "-", "*", "/",
          "%", "^", "!", "?", ":", ",", ".", "(", ")", "[", "]", "{", "}", "#", "|");

  private final String text;
  private int at;

  Lexer(String text) {
    this.text = text;
  }

  List<Token> tokens() {
    List<Token> tokens = new ArrayList<>();
    skipSpace();
    while (at < text.length()) {
      tokens.add(next());
      skipSpace();
    }
    tokens.add(new Token(Token.Kind.END, "end of the condition", at + 1));
    return tokens;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private Token next() {
    int start = at;
    char c = text.charAt(at);
    if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
      return new Token(Token.Kind.NUMBER, number(), start + 1);
    }
    if (c == '"' || c == '\'' || c == '`') {
      return new Token(Token.Kind.TEXT, quoted(c), start + 1);
    }
    if (isNamePart(c)) {
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
      return new Token(Token.Kind.NAME, text.substring(start, at), start + 1);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Token.Kind.SYMBOL, symbol, start + 1);
      }
    }
    throw new ConditionException("unrecognized character '" + c + "' at " + (start + 1));
  }

  private boolean isDigit(int place) {
    return place < text.length() && text.charAt(place) >= '0' && text.charAt(place) <= '9';
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private String number() {
    int start = at;
    skipDigits();
    boolean isRange = text.startsWith("..", at);
    if (!isRange && at < text.length() && text.charAt(at) == '.') {
      at++;
      skipDigits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      skipDigits();
    }
    if (at < text.length() && isNamePart(text.charAt(at))) {
      throw new ConditionException("bad number at " + (start + 1));
    }
    return text.substring(start, at).replace("_", "");
  }

  private void skipDigits() {
    while (isDigit(at) || (at < text.length() && text.charAt(at) == '_')) {
      at++;
    }
  }

  private String quoted(char quote) {
    int start = at++;
    StringBuilder inner = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return inner.toString();
      }
      inner.append(c == '\\' && quote != '`' && at < text.length() ? escaped() : c);
    }
    throw new ConditionException("literal not terminated at " + (start + 1));
  }

  private char escaped() {
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '\\', '"', '\'', '`', '/' -> c;
      case 'u' -> unicode();
      default -> throw new ConditionException("unknown escape \\" + c + " at " + (at - 1));
    };
  }

  private char unicode() {
    int end = at + 4;
    try {
      char c = (char) Integer.parseUnsignedInt(text, at, end, 16);
      at = end;
      return c;
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new ConditionException("bad escape \\u at " + (at - 1));
    }
  }
}
