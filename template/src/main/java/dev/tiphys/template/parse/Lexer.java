package dev.tiphys.template.parse;

import dev.tiphys.template.Delimiters;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.parse.Token.Kind;
import dev.tiphys.template.value.Utf8;
import java.util.Map;

/// Reads a template's text token by token: plain text outside of actions, and what stands inside.
///
/// Threads: one.
final class Lexer {

  private static final Map<String, Kind> KEYWORDS =
      Map.ofEntries(
          Map.entry(".", Kind.DOT),
          Map.entry("block", Kind.BLOCK),
          Map.entry("break", Kind.BREAK),
          Map.entry("continue", Kind.CONTINUE),
          Map.entry("define", Kind.DEFINE),
          Map.entry("else", Kind.ELSE),
          Map.entry("end", Kind.END),
          Map.entry("if", Kind.IF),
          Map.entry("range", Kind.RANGE),
          Map.entry("nil", Kind.NIL),
          Map.entry("template", Kind.TEMPLATE),
          Map.entry("with", Kind.WITH));

  private static final int END = -1;
  private static final String SPACES = " \t\r\n";

  private final String input;
  private final String left;
  private final String right;
  private boolean breaks = true;
  private boolean continues = true;
  private int start;
  private int at;
  private int line = 1;
  private boolean inside;
  private int parens;
  private boolean failed;

  Lexer(String input, Delimiters delimiters) {
    this.input = input;
    this.left = Utf8.of(delimiters.left());
    this.right = Utf8.of(delimiters.right());
  }

  /// From now on `break` is a function's name, as it was before it was a word of the language.
  void breakIsFunction() {
    breaks = false;
  }

  void continueIsFunction() {
    continues = false;
  }

  /// The next token; the last one is an error or the end.
  Token next() {
    if (failed) {
      return new Token(Kind.END_OF_FILE, at, "", line);
    }
    return inside ? action() : text();
  }

  private Token token(Kind kind) {
    String text = input.substring(start, at);
    Token token = new Token(kind, start, text, line);
    line += lines(text);
    start = at;
    return token;
  }

  private Token error(String problem) {
    failed = true;
    return new Token(Kind.ERROR, start, problem, line);
  }

  private static int lines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  private void skipTo(int position) {
    line += lines(input.substring(start, position));
    start = position;
    at = position;
  }

  private Token text() {
    while (true) {
      int found = input.indexOf(left, start);
      if (found < 0) {
        at = input.length();
        return start < at ? token(Kind.TEXT) : token(Kind.END_OF_FILE);
      }
      int afterLeft = found + left.length();
      boolean trims = trimsLeft(afterLeft);
      int end = trims ? trimmedEnd(found) : found;
      if (end > start) {
        at = end;
        return token(Kind.TEXT);
      }
      skipTo(found);
      int content = trims ? afterLeft + 2 : afterLeft;
      if (!input.startsWith("/*", content)) {
        at = afterLeft;
        Token token = token(Kind.LEFT);
        skipTo(content);
        inside = true;
        parens = 0;
        return token;
      }
      skipTo(content);
      Token problem = comment();
      if (problem != null) {
        return problem;
      }
    }
  }

  private boolean trimsLeft(int position) {
    return input.startsWith("-", position)
        && position + 1 < input.length()
        && isSpace(input.charAt(position + 1));
  }

  private int trimmedEnd(int end) {
    int last = end;
    while (last > start && isSpace(input.charAt(last - 1))) {
      last--;
    }
    return last;
  }

  private @org.jspecify.annotations.Nullable Token comment() {
    int end = input.indexOf("*/", start + 2);
    if (end < 0) {
      return error("unclosed comment");
    }
    at = end + 2;
    boolean trims = trimsRight(at);
    if (!trims && !input.startsWith(right, at)) {
      return error("comment ends before closing delimiter");
    }
    leaveAction(trims);
    return null;
  }

  private boolean trimsRight(int position) {
    return position + 1 < input.length()
        && isSpace(input.charAt(position))
        && input.charAt(position + 1) == '-'
        && input.startsWith(right, position + 2);
  }

  private void leaveAction(boolean trims) {
    int position = at + (trims ? 2 : 0) + right.length();
    while (trims && position < input.length() && isSpace(input.charAt(position))) {
      position++;
    }
    skipTo(position);
    inside = false;
  }

  private Token action() {
    boolean trims = trimsRight(at);
    if (trims || input.startsWith(right, at)) {
      if (parens > 0) {
        return error("unclosed left paren");
      }
      int mark = trims ? at + 2 : at;
      skipTo(mark);
      at = mark + right.length();
      Token token = token(Kind.RIGHT);
      at = mark;
      start = mark;
      leaveAction(false);
      if (trims) {
        int position = at;
        while (position < input.length() && isSpace(input.charAt(position))) {
          position++;
        }
        skipTo(position);
      }
      return token;
    }
    int c = read();
    if (c == END) {
      return error("unclosed action");
    }
    if (isSpace(c)) {
      return space();
    }
    return switch (c) {
      case '=' -> token(Kind.ASSIGN);
      case ':' -> read() == '=' ? token(Kind.DECLARE) : error("expected :=");
      case '|' -> token(Kind.PIPE);
      case '"' -> string();
      case '`' -> rawString();
      case '$' -> fieldOrVariable(Kind.VARIABLE);
      case '\'' -> rune();
      case '(' -> {
        parens++;
        yield token(Kind.LEFT_PAREN);
      }
      case ')' -> {
        parens--;
        yield parens < 0 ? error("unexpected right paren") : token(Kind.RIGHT_PAREN);
      }
      default -> other(c);
    };
  }

  private Token other(int c) {
    if (c == '.' && !(at < input.length() && isDigit(input.charAt(at))) && at < input.length()) {
      return fieldOrVariable(Kind.FIELD);
    }
    if (c == '.' || c == '+' || c == '-' || isDigit(c)) {
      at = start;
      return number();
    }
    if (isAlphaNumeric(c)) {
      return identifier();
    }
    return c < 0x7f && c > ' '
        ? token(Kind.CHAR)
        : error("unrecognized character in action: " + Quoting.unicode(c));
  }

  private Token space() {
    while (at < input.length() && isSpace(input.charAt(at)) && !endsSpace()) {
      at++;
    }
    if (at > start + 1 && trimsRight(at - 1)) {
      at--;
    } else if (at == start + 1 && trimsRight(start)) {
      at--;
    }
    return token(Kind.SPACE);
  }

  private boolean endsSpace() {
    return trimsRight(at);
  }

  private Token identifier() {
    acceptAlphaNumerics();
    if (!atTerminator()) {
      return error("bad character " + Quoting.unicode(peek()));
    }
    String word = input.substring(start, at);
    Kind keyword = KEYWORDS.get(word);
    if (keyword == Kind.BREAK && !breaks || keyword == Kind.CONTINUE && !continues) {
      keyword = null;
    }
    if (keyword != null) {
      return token(keyword);
    }
    boolean truth = word.equals("true") || word.equals("false");
    return token(truth ? Kind.BOOL : Kind.IDENTIFIER);
  }

  private Token fieldOrVariable(Kind kind) {
    if (atTerminator()) {
      return token(kind == Kind.VARIABLE ? kind : Kind.DOT);
    }
    acceptAlphaNumerics();
    return atTerminator() ? token(kind) : error("bad character " + Quoting.unicode(peek()));
  }

  private void acceptAlphaNumerics() {
    while (isAlphaNumeric(peek())) {
      at += Utf8.width(input, at);
    }
  }

  private boolean atTerminator() {
    int c = peek();
    return c == END || isSpace(c) || ".,|:)(".indexOf(c) >= 0 || input.startsWith(right, at);
  }

  private Token rune() {
    while (true) {
      int c = read();
      if (c == '\\') {
        c = read();
        if (c != END && c != '\n') {
          continue;
        }
      }
      if (c == END || c == '\n') {
        return error("unterminated character constant");
      }
      if (c == '\'') {
        return token(Kind.RUNE);
      }
    }
  }

  private Token string() {
    while (true) {
      int c = read();
      if (c == '\\') {
        c = read();
        if (c != END && c != '\n') {
          continue;
        }
      }
      if (c == END || c == '\n') {
        return error("unterminated quoted string");
      }
      if (c == '"') {
        return token(Kind.STRING);
      }
    }
  }

  private Token rawString() {
    int end = input.indexOf('`', at);
    if (end < 0) {
      return error("unterminated raw quoted string");
    }
    at = end + 1;
    return token(Kind.RAW_STRING);
  }

  private Token number() {
    if (!scanNumber()) {
      return error("bad number syntax: " + Quoting.quote(input.substring(start, at)));
    }
    if (peek() == '+' || peek() == '-') {
      if (!scanNumber() || input.charAt(at - 1) != 'i') {
        return error("bad number syntax: " + Quoting.quote(input.substring(start, at)));
      }
    }
    return token(Kind.NUMBER);
  }

  private boolean scanNumber() {
    accept("+-");
    String digits = "0123456789_";
    boolean decimal = true;
    boolean hexadecimal = false;
    if (accept("0")) {
      if (accept("xX")) {
        digits = "0123456789abcdefABCDEF_";
        hexadecimal = true;
        decimal = false;
      } else if (accept("oO")) {
        digits = "01234567_";
        decimal = false;
      } else if (accept("bB")) {
        digits = "01_";
        decimal = false;
      }
    }
    acceptRun(digits);
    if (accept(".")) {
      acceptRun(digits);
    }
    if (decimal && accept("eE") || hexadecimal && accept("pP")) {
      accept("+-");
      acceptRun("0123456789_");
    }
    accept("i");
    if (isAlphaNumeric(peek())) {
      read();
      return false;
    }
    return true;
  }

  private boolean accept(String any) {
    if (at < input.length() && any.indexOf(input.charAt(at)) >= 0) {
      at++;
      return true;
    }
    return false;
  }

  private void acceptRun(String any) {
    while (accept(any)) {
      continue; // until one is none of them
    }
  }

  private int peek() {
    return at < input.length() ? Utf8.rune(input, at) : END;
  }

  private int read() {
    int c = peek();
    if (c != END) {
      at += Utf8.width(input, at);
    }
    return c;
  }

  static boolean isSpace(int c) {
    return c >= 0 && SPACES.indexOf(c) >= 0;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlphaNumeric(int c) {
    return c == '_' || c > 0 && (Character.isLetter(c) || Character.isDigit(c));
  }
}
