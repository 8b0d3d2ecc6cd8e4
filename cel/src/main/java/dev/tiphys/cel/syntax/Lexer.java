package dev.tiphys.cel.syntax;

import dev.tiphys.object.Null;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the words of an expression.
final class Lexer {

  private static final List<String> SYMBOLS =
      List.of(
          "==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-",
          "!", "?", ":", "+", "*", "/", "%");
  private static final Set<String> PREFIXES = Set.of("r", "b", "rb", "br");

  private final Source source;
  private final Consumer<Problem> problems;
  private int at;

  Lexer(Source source, Consumer<Problem> problems) {
    this.source = source;
    this.problems = problems;
  }

  List<Token> tokens() {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      skipBlanks();
      if (at >= source.length()) {
        tokens.add(new Token(Token.Kind.END, "<EOF>", at, null));
        return tokens;
      }
      Token next = next();
      if (next != null) {
        tokens.add(next);
      }
    }
  }

  private void skipBlanks() {
    while (at < source.length()) {
      int c = source.at(at);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f') {
        at++;
      } else if (c == '/' && source.at(at + 1) == '/') {
        while (at < source.length() && source.at(at) != '\n') {
          at++;
        }
      } else {
        return;
      }
    }
  }

  private @Nullable Token next() {
    int start = at;
    int c = source.at(at);
    if (isDigit(c) || (c == '.' && isDigit(source.at(at + 1)))) {
      return number(start);
    }
    if (c == '"' || c == '\'') {
      return text(start, false, false);
    }
    if (c == '`') {
      return quoted(start);
    }
    if (isLetter(c)) {
      return word(start);
    }
    for (String symbol : SYMBOLS) {
      if (matches(symbol)) {
        at += symbol.length();
        return new Token(Token.Kind.SYMBOL, symbol, start, null);
      }
    }
    at++;
    unknown(start, at);
    return null;
  }

  private void unknown(int from, int to) {
    String text = source.slice(from, to).replace("\n", "\\n");
    problems.accept(new Problem(from, "Syntax error: token recognition error at: '" + text + "'"));
  }

  private boolean matches(String symbol) {
    for (int i = 0; i < symbol.length(); i++) {
      if (source.at(at + i) != symbol.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private Token word(int start) {
    while (isLetter(source.at(at)) || isDigit(source.at(at))) {
      at++;
    }
    String word = source.slice(start, at);
    int next = source.at(at);
    if ((next == '"' || next == '\'')
        && PREFIXES.contains(word.toLowerCase(java.util.Locale.ROOT))) {
      String prefix = word.toLowerCase(java.util.Locale.ROOT);
      Token text = text(start, prefix.contains("r"), prefix.contains("b"));
      return text == null ? new Token(Token.Kind.END, "<EOF>", at, null) : text;
    }
    return switch (word) {
      case "true" -> new Token(Token.Kind.LITERAL, word, start, true);
      case "false" -> new Token(Token.Kind.LITERAL, word, start, false);
      case "null" -> new Token(Token.Kind.LITERAL, word, start, Null.NULL);
      case "in" -> new Token(Token.Kind.SYMBOL, word, start, null);
      default -> new Token(Token.Kind.IDENTIFIER, word, start, null);
    };
  }

  private @Nullable Token quoted(int start) {
    at++;
    while (isLetter(source.at(at))
        || isDigit(source.at(at))
        || (source.at(at) > 0 && ".-/ ".indexOf(source.at(at)) >= 0)) {
      at++;
    }
    if (source.at(at) != '`') {
      unknown(start, at);
      return null;
    }
    at++;
    return new Token(Token.Kind.QUOTED, source.slice(start + 1, at - 1), start, null);
  }

  private Token number(int start) {
    if (source.at(at) == '0' && source.at(at + 1) == 'x' && isHex(source.at(at + 2))) {
      at += 2;
      while (isHex(source.at(at))) {
        at++;
      }
      return integer(start, source.slice(start + 2, at), 16);
    }
    digits();
    boolean fraction = source.at(at) == '.' && isDigit(source.at(at + 1));
    if (fraction) {
      at++;
      digits();
    }
    int e = source.at(at);
    int sign = source.at(at + 1) == '+' || source.at(at + 1) == '-' ? 1 : 0;
    boolean exponent = (e == 'e' || e == 'E') && isDigit(source.at(at + 1 + sign));
    if (exponent) {
      at += 1 + sign;
      digits();
    }
    String text = source.slice(start, at);
    return fraction || exponent
        ? new Token(Token.Kind.LITERAL, text, start, new Number(text, Number.Form.DOUBLE, 10))
        : integer(start, text, 10);
  }

  /// A number before its sign is known.
  record Number(String digits, Form form, int radix) {
    enum Form {
      INT,
      UINT,
      DOUBLE
    }
  }

  private Token integer(int start, String digits, int radix) {
    boolean unsigned = source.at(at) == 'u' || source.at(at) == 'U';
    if (unsigned) {
      at++;
    }
    Number.Form form = unsigned ? Number.Form.UINT : Number.Form.INT;
    return new Token(
        Token.Kind.LITERAL, source.slice(start, at), start, new Number(digits, form, radix));
  }

  private void digits() {
    while (isDigit(source.at(at))) {
      at++;
    }
  }

  private @Nullable Token text(int start, boolean raw, boolean bytes) {
    int quote = source.at(at);
    boolean tripled = source.at(at + 1) == quote && source.at(at + 2) == quote;
    int width = tripled ? 3 : 1;
    int from = at + width;
    int end = from;
    while (end < source.length() && !closes(end, quote, tripled)) {
      int c = source.at(end);
      if (!tripled && (c == '\n' || c == '\r')) {
        break;
      }
      end += c == '\\' && !raw ? 2 : 1;
    }
    if (!closes(end, quote, tripled)) {
      at = Math.min(end, source.length());
      unknown(start, at);
      return null;
    }
    at = end + width;
    String whole = source.slice(start, at);
    String inner = source.slice(from, end).replace("\r\n", "\n").replace('\r', '\n');
    try {
      Object value = Escapes.value(inner, raw, bytes);
      return new Token(Token.Kind.LITERAL, whole, start, value);
    } catch (IllegalArgumentException e) {
      unknown(start, at);
      return null;
    }
  }

  private boolean closes(int position, int quote, boolean tripled) {
    return source.at(position) == quote
        && (!tripled || (source.at(position + 1) == quote && source.at(position + 2) == quote));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHex(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
