package dev.tiphys.template.parse;

import dev.tiphys.template.format.Numbers;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.value.Utf8;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Texts and numbers as they stand in a template.
final class Literals {

  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64);

  private Literals() {}

  /// What stands between quotes.
  ///
  /// @throws IllegalArgumentException if an escape is none
  static String text(String quoted) {
    String inner = quoted.substring(1, quoted.length() - 1);
    return quoted.charAt(0) == '`' ? inner.replace("\r", "") : Quoting.unescape(inner, '"');
  }

  /// @throws IllegalArgumentException if that is no number; the message is Go's
  static Node.Number number(int at, String text, boolean rune) {
    if (rune) {
      long value = rune(text);
      return new Node.Number(at, text, value, (double) value, false);
    }
    if (text.endsWith("i")) {
      throw new IllegalArgumentException("complex numbers are not supported: " + text);
    }
    BigInteger whole = Numbers.whole(text);
    if (whole != null && whole.bitLength() < 64) {
      return new Node.Number(at, text, whole.longValue(), whole.doubleValue(), false);
    }
    if (whole != null && whole.signum() > 0 && whole.compareTo(MOST) < 0) {
      return new Node.Number(at, text, null, whole.doubleValue(), false);
    }
    return fraction(at, text);
  }

  private static Node.Number fraction(int at, String text) {
    Double value = Numbers.fraction(text);
    if (value == null || value.isInfinite()) {
      throw new IllegalArgumentException("illegal number syntax: " + Quoting.quote(text));
    }
    if (!text.matches(".*[.eEpP].*")) {
      throw new IllegalArgumentException("integer overflow: " + Quoting.quote(text));
    }
    return new Node.Number(at, text, exact(value), value, true);
  }

  private static @Nullable Long exact(double value) {
    return value == Math.rint(value) && Math.abs(value) < 0x1p63 ? (Long) (long) value : null;
  }

  private static long rune(String text) {
    String inner = text.substring(1, text.length() - 1);
    String value;
    try {
      value = Quoting.unescape(inner, '\'');
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid syntax", e);
    }
    boolean byteEscape = inner.matches("\\\\(x[0-9a-fA-F]{2}|[0-7]{3})");
    if (byteEscape) {
      return value.charAt(0);
    }
    if (value.isEmpty()) {
      throw new IllegalArgumentException("invalid syntax");
    }
    if (Utf8.count(value) != 1) {
      throw new IllegalArgumentException("malformed character constant: " + text);
    }
    return Utf8.rune(value, 0);
  }
}
