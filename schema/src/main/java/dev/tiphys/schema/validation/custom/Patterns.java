package dev.tiphys.schema.validation.custom;

import com.google.re2j.Pattern;

/// Regular expressions as Go reads them. They take time in proportion to the text and no more.
public final class Patterns {

  /// Expressions compiled before, by their text: the same few are used again and again.
  private static final Entry[] COMPILED = new Entry[512];

  private record Entry(String text, Pattern pattern) {}

  private Patterns() {}

  /// @throws com.google.re2j.PatternSyntaxException if it is none; the message is Go's
  public static Pattern of(String text) {
    int place = (text.hashCode() * 0x9E3779B9 >>> 16) & (COMPILED.length - 1);
    Entry known = COMPILED[place];
    if (known != null && known.text.equals(text)) {
      return known.pattern;
    }
    Pattern pattern = Pattern.compile(text);
    COMPILED[place] = new Entry(text, pattern);
    return pattern;
  }
}
