package dev.tiphys.template.value;

import java.nio.charset.StandardCharsets;

/// Texts as Go has them: sequences of bytes, mostly of UTF-8. Here each char of a Java [String] is
/// one such byte, so that lengths, slices and order are Go's, and no byte is lost.
public final class Utf8 {

  private Utf8() {}

  /// The bytes of a text of characters.
  public static String of(String characters) {
    for (int i = 0; i < characters.length(); i++) {
      if (characters.charAt(i) >= 0x80) {
        return of(characters.getBytes(StandardCharsets.UTF_8));
      }
    }
    return characters;
  }

  public static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  public static String of(int codePoint) {
    boolean valid = Character.isValidCodePoint(codePoint) && !surrogate(codePoint);
    return of(Character.toString(valid ? codePoint : 0xfffd));
  }

  private static boolean surrogate(int codePoint) {
    return codePoint >= 0xd800 && codePoint <= 0xdfff;
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The characters of a text; bytes that are none become U+FFFD.
  public static String characters(String text) {
    return isAscii(text) ? text : new String(bytes(text), StandardCharsets.UTF_8);
  }

  public static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// How many bytes the character at `at` has; 1 if there is none that is well-formed.
  public static int width(String text, int at) {
    int first = text.charAt(at);
    int width = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    if (at + width > text.length()) {
      return 1;
    }
    for (int i = 1; i < width; i++) {
      if ((text.charAt(at + i) & 0xc0) != 0x80) {
        return 1;
      }
    }
    if (width == 1) {
      return 1;
    }
    int rune = decode(text, at, width);
    boolean shortest = width == 2 || (width == 3 ? rune >= 0x800 : rune >= 0x10000);
    return shortest && rune <= Character.MAX_CODE_POINT && !surrogate(rune) ? width : 1;
  }

  /// The character at `at`; U+FFFD if there is none that is well-formed.
  public static int rune(String text, int at) {
    int width = width(text, at);
    if (width > 1) {
      return decode(text, at, width);
    }
    char only = text.charAt(at);
    return only < 0x80 ? only : 0xfffd;
  }

  private static int decode(String text, int at, int width) {
    int rune = text.charAt(at) & (0xff >> (width + 1));
    for (int i = 1; i < width; i++) {
      rune = rune << 6 | (text.charAt(at + i) & 0x3f);
    }
    return rune;
  }

  /// How many characters a text has.
  public static int count(String text) {
    int count = 0;
    for (int i = 0; i < text.length(); i += width(text, i)) {
      count++;
    }
    return count;
  }
}
