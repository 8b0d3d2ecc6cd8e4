package dev.tiphys.schema;

/// Finds what is wrong with base64 texts (RFC 4648, with padding; line breaks are passed over).
final class Base64Text {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final boolean[] KNOWN = new boolean[128];

  static {
    ALPHABET.chars().forEach(c -> KNOWN[c] = true);
  }

  private Base64Text() {}

  /// Where Go's decoder stops at the text, or -1 if it is right.
  static int firstWrong(String text) {
    int at = 0;
    while (true) {
      for (int digit = 0; digit < 4; digit++) {
        at = skipBreaks(text, at);
        if (at == text.length()) {
          return digit == 0 ? -1 : at - digit;
        }
        char c = text.charAt(at);
        if (c < 128 && KNOWN[c]) {
          at++;
        } else if (c != '=' || digit < 2) {
          return at;
        } else {
          return padding(text, at, digit);
        }
      }
    }
  }

  /// What is wrong from the first `=` on, after two or three digits.
  private static int padding(String text, int from, int digits) {
    int at = skipBreaks(text, from + 1);
    if (digits == 2) {
      if (at == text.length() || text.charAt(at) != '=') {
        return at;
      }
      at = skipBreaks(text, at + 1);
    }
    return at == text.length() ? -1 : at;
  }

  private static int skipBreaks(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      at++;
    }
    return at;
  }
}
