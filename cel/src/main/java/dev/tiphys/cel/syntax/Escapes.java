package dev.tiphys.cel.syntax;

import dev.tiphys.cel.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// What the escapes in texts and bytes stand for.
final class Escapes {

  private static final String NAMES = "abfnrtv\\'\"`?";
  private static final String MEANINGS = "\u0007\b\f\n\r\t\u000b\\'\"`?";

  private Escapes() {}

  /// @throws IllegalArgumentException if there is an escape that means nothing
  static Object value(String text, boolean raw, boolean bytes) {
    if (raw || text.indexOf('\\') < 0) {
      return bytes ? new Bytes(text.getBytes(StandardCharsets.UTF_8)) : text;
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    StringBuilder characters = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      boolean octet = false;
      if (c == '\\') {
        char name = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        width = width(name);
        if (width == 2) {
          c = MEANINGS.charAt(NAMES.indexOf(name));
        } else if (i + width > text.length()) {
          throw new IllegalArgumentException();
        } else {
          boolean octal = name >= '0' && name <= '3';
          c = Integer.parseUnsignedInt(text, octal ? i + 1 : i + 2, i + width, octal ? 8 : 16);
          octet = octal || name == 'x' || name == 'X';
        }
        if (!octet && !(Character.isValidCodePoint(c) && (c < 0xd800 || c > 0xdfff))
            || (!octet && bytes && width > 2)) {
          throw new IllegalArgumentException();
        }
      }
      if (bytes && octet) {
        octets.write(c);
      } else if (bytes) {
        octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      } else {
        characters.appendCodePoint(c);
      }
      i += width;
    }
    return bytes ? new Bytes(octets.toByteArray()) : characters.toString();
  }

  /// How many characters an escape has.
  private static int width(char name) {
    return switch (name) {
      case 'x', 'X' -> 4;
      case 'u' -> 6;
      case 'U' -> 10;
      case '0', '1', '2', '3' -> 4;
      default -> {
        if (NAMES.indexOf(name) < 0 || name == 0) {
          throw new IllegalArgumentException();
        }
        yield 2;
      }
    };
  }
}
