package dev.tiphys.object.encoding;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/// Says what is wrong with bytes that are no JSON, in the words of Go's decoder, which clients of
/// Kubernetes know.
///
/// Only asked once the parser has refused the bytes, so it need not be fast.
///
/// Threads: one.
final class JsonSyntax {

  private static final String END = "unexpected end of JSON input";
  private static final String VALUE = "looking for beginning of value";

  private final byte[] json;
  private int at;

  /// For each struct or list that is open, from the outside in, whether it is a struct.
  private final BitSet structs = new BitSet();

  private int depth;

  private JsonSyntax(byte[] json) {
    this.json = json;
  }

  /// The first thing that is wrong with `json`.
  static String problem(byte[] json) {
    try {
      new JsonSyntax(json).document();
    } catch (EncodingException e) {
      return String.valueOf(e.getMessage());
    }
    return "invalid JSON";
  }

  private void document() {
    boolean expectsValue = true;
    while (expectsValue || depth > 0) {
      if (expectsValue) {
        expectsValue = value();
      } else {
        expectsValue = afterElement();
      }
    }
    skipSpace();
    if (at < json.length) {
      throw unexpected("after top-level value");
    }
  }

  /// Reads a value, or the beginning of a struct or list. Returns whether a value follows.
  private boolean value() {
    int c = next();
    switch (c) {
      case '{' -> {
        structs.set(depth++);
        at++;
        return key("looking for beginning of object key string", true);
      }
      case '[' -> {
        structs.clear(depth++);
        at++;
        if (next() == ']') {
          at++;
          depth--;
          return false;
        }
        return true;
      }
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> {
        if (c != '-' && !isDigit(c)) {
          throw unexpected(VALUE);
        }
        number();
      }
    }
    return false;
  }

  private boolean afterElement() {
    boolean struct = structs.get(depth - 1);
    String where = struct ? "after object key:value pair" : "after array element";
    int c = next();
    at++;
    if (c == ',') {
      return !struct || key("looking for beginning of object key string", false);
    }
    if (c == (struct ? '}' : ']')) {
      depth--;
      return false;
    }
    at--;
    throw unexpected(where);
  }

  /// Reads a key and its colon, or the end of an empty struct. Returns whether a value follows.
  private boolean key(String where, boolean mayEnd) {
    int c = next();
    if (c == '}' && mayEnd) {
      at++;
      depth--;
      return false;
    }
    if (c != '"') {
      throw unexpected(where);
    }
    string();
    if (next() != ':') {
      throw unexpected("after object key");
    }
    at++;
    return true;
  }

  private void string() {
    at++;
    while (true) {
      int c = current();
      if (c < 0x20) {
        throw unexpected("in string literal");
      }
      at++;
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        escape();
      }
    }
  }

  private void escape() {
    int c = current();
    if ("\"\\/bfnrtu".indexOf(c) < 0) {
      throw unexpected("in string escape code");
    }
    at++;
    for (int i = 0; c == 'u' && i < 4; i++) {
      if (Character.digit(current(), 16) < 0) {
        throw unexpected("in \\u hexadecimal character escape");
      }
      at++;
    }
  }

  private void literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (current() != word.charAt(i)) {
        throw unexpected("in literal " + word + " (expecting " + quoted(word.charAt(i)) + ")");
      }
      at++;
    }
  }

  private void number() {
    if (json[at] == '-') {
      at++;
      if (!isDigit(current())) {
        throw unexpected("in numeric literal");
      }
    }
    if (current() == '0') {
      at++;
    } else {
      digits();
    }
    if (at < json.length && json[at] == '.') {
      at++;
      if (!isDigit(current())) {
        throw unexpected("after decimal point in numeric literal");
      }
      digits();
    }
    if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
      at++;
      if (current() == '+' || current() == '-') {
        at++;
      }
      if (!isDigit(current())) {
        throw unexpected("in exponent of numeric literal");
      }
      digits();
    }
  }

  private void digits() {
    while (at < json.length && isDigit(json[at])) {
      at++;
    }
  }

  private int next() {
    skipSpace();
    if (at >= json.length) {
      throw new EncodingException(END);
    }
    return json[at] & 0xff;
  }

  private int current() {
    if (at >= json.length) {
      throw new EncodingException(END);
    }
    return json[at] & 0xff;
  }

  private void skipSpace() {
    while (at < json.length
        && (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r')) {
      at++;
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private EncodingException unexpected(String where) {
    return new EncodingException("invalid character " + quoted(json[at] & 0xff) + " " + where);
  }

  /// A byte as Go quotes it.
  private static String quoted(int c) {
    return switch (c) {
      case '\'' -> "'\\''";
      case '"' -> "'\"'";
      case '\\' -> "'\\\\'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      default -> {
        if (c < 0x20 || c == 0x7f) {
          yield "'\\x%02x'".formatted(c);
        }
        if (c >= 0x80 && c < 0xa0) {
          yield "'\\u%04x'".formatted(c);
        }
        yield "'" + new String(new byte[] {(byte) c}, StandardCharsets.ISO_8859_1) + "'";
      }
    };
  }
}
