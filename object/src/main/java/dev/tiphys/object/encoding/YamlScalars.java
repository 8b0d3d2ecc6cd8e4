package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What plain scalars of YAML mean. Kubernetes reads them by the rules of YAML 1.1, as far as its
/// library follows them: `yes` is true, `010` is eight, and a date is a text.
final class YamlScalars {

  private static final Map<String, Object> WORDS = words();

  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  /// Numbers to the base of sixty, which newer readers take for texts and older ones do not.
  private static final Pattern SEXAGESIMAL =
      Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");

  private YamlScalars() {}

  private static Map<String, Object> words() {
    Map<String, Object> words = new java.util.HashMap<>();
    for (String word : new String[] {"y", "yes", "true", "on"}) {
      all(words, word, true);
    }
    for (String word : new String[] {"n", "no", "false", "off"}) {
      all(words, word, false);
    }
    all(words, "null", Null.NULL);
    words.put("", Null.NULL);
    words.put("~", Null.NULL);
    words.put(".nan", Double.NaN);
    words.put(".NaN", Double.NaN);
    words.put(".NAN", Double.NaN);
    for (String word : new String[] {".inf", ".Inf", ".INF"}) {
      words.put(word, Double.POSITIVE_INFINITY);
      words.put("+" + word, Double.POSITIVE_INFINITY);
      words.put("-" + word, Double.NEGATIVE_INFINITY);
    }
    return Map.copyOf(words);
  }

  /// A word, and the same one with a capital or in capitals.
  private static void all(Map<String, Object> words, String word, Object value) {
    words.put(word, value);
    words.put(word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1), value);
    words.put(word.toUpperCase(java.util.Locale.ROOT), value);
  }

  /// What a plain scalar stands for: null, a boolean, a number, or the text itself.
  ///
  /// @throws EncodingException if it is a number that JSON does not have
  static Object value(String text) {
    Object word = WORDS.get(text);
    Object value = word == null ? numberOr(text) : word;
    if (value instanceof Double number && !Double.isFinite(number)) {
      String name = Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
      throw new EncodingException("json: unsupported value: " + name);
    }
    return value;
  }

  /// Whether a text must be quoted, as it would be read as something else.
  static boolean isAmbiguous(String text) {
    return WORDS.containsKey(text)
        || !(numberOr(text) instanceof String)
        || SEXAGESIMAL.matcher(text).matches()
        || isDate(text);
  }

  private static boolean isDate(String text) {
    return text.length() >= 8
        && Character.isDigit(text.charAt(0))
        && text.matches("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?");
  }

  private static Object numberOr(String text) {
    if (text.isEmpty() || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return text;
    }
    String plain = text.replace("_", "");
    Object whole = whole(plain);
    if (whole != null) {
      return whole;
    }
    return FLOAT.matcher(plain).matches() ? (Object) Double.parseDouble(plain) : text;
  }

  /// A whole number, in the notations of Go; null if it is none.
  private static @Nullable Object whole(String plain) {
    int start = plain.startsWith("-") || plain.startsWith("+") ? 1 : 0;
    if (plain.length() == start) {
      return null;
    }
    String digits = plain.substring(start);
    int base = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      char mark = Character.toLowerCase(digits.charAt(1));
      base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
      digits = digits.substring(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
    }
    for (int i = 0; i < digits.length(); i++) {
      if (Character.digit(digits.charAt(i), base) < 0 || digits.charAt(i) > 0x7f) {
        return null;
      }
    }
    if (digits.isEmpty() || digits.length() > 64) {
      return null;
    }
    BigInteger number = new BigInteger(plain.startsWith("-") ? "-" + digits : digits, base);
    return number.bitLength() < Long.SIZE
        ? (Object) number.longValue()
        : new BigDecimal(number).doubleValue();
  }
}
