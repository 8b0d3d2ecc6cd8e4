package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Texts in the alphabets that stand for bytes. What can't be decoded becomes the message that says
/// so.
public final class Encodings {

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Encodings() {}

  static List<Function> functions() {
    return List.of(
        Function.of("b64enc", call -> call.made(base64(Utf8.bytes(call.text(0)))), STRING),
        Function.of("b64dec", Encodings::decodeBase64, STRING),
        Function.of("b32enc", call -> call.made(encodeBase32(call.text(0))), STRING),
        Function.of("b32dec", Encodings::decodeBase32, STRING),
        Function.of("hexdec", Encodings::decodeHex, STRING));
  }

  public static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String decodeBase64(Call call) {
    try {
      return call.made(Utf8.of(base64(call.text(0))));
    } catch (CallException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// @throws CallException if that is no base64, with the place of the first byte that is wrong
  public static byte[] base64(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int quantum = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        continue;
      }
      if (plain.length() % 4 == 0) {
        quantum = i;
      }
      if (c == '=') {
        return padded(text, plain, i);
      }
      if (!isBase64(c)) {
        throw illegal(i);
      }
      plain.append(c);
    }
    if (plain.length() % 4 != 0) {
      throw illegal(quantum);
    }
    return Base64.getDecoder().decode(plain.toString());
  }

  /// Decodes a text of which nothing may follow but the padding that begins at `at`.
  private static byte[] padded(String text, StringBuilder plain, int at) {
    int count = plain.length() % 4;
    if (count < 2) {
      throw illegal(at);
    }
    int next = skipLines(text, at + 1);
    if (count == 2) {
      if (next == text.length()) {
        throw illegal(next);
      }
      if (text.charAt(next) != '=') {
        throw illegal(next - 1);
      }
      next = skipLines(text, next + 1);
    }
    if (next < text.length()) {
      throw illegal(next);
    }
    return Base64.getDecoder().decode(plain.toString());
  }

  private static int skipLines(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      at++;
    }
    return at;
  }

  private static CallException illegal(int at) {
    return new CallException("illegal base64 data at input byte " + at);
  }

  private static boolean isBase64(char c) {
    return c < 0x80 && Character.isLetterOrDigit(c) || c == '+' || c == '/';
  }

  private static String encodeBase32(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i += 5) {
      long group = 0;
      int count = Math.min(5, text.length() - i);
      for (int j = 0; j < 5; j++) {
        group = group << 8 | (j < count ? text.charAt(i + j) : 0);
      }
      int digits = (count * 8 + 4) / 5;
      for (int j = 0; j < 8; j++) {
        out.append(j < digits ? BASE32.charAt((int) (group >> 35 - 5 * j & 31)) : '=');
      }
    }
    return out.toString();
  }

  private static String decodeBase32(Call call) {
    String text = call.text(0).replace("\n", "").replace("\r", "");
    int data = text.length();
    while (data > 0 && text.charAt(data - 1) == '=') {
      data--;
    }
    StringBuilder out = new StringBuilder();
    long group = 0;
    int bits = 0;
    for (int i = 0; i < data; i++) {
      int digit = BASE32.indexOf(text.charAt(i));
      if (digit < 0) {
        return "illegal base32 data at input byte " + i;
      }
      group = group << 5 | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        out.append((char) (group >> bits & 0xff));
      }
    }
    if (text.length() % 8 != 0) {
      return "illegal base32 data at input byte " + text.length() / 8 * 8;
    }
    return call.made(out.toString());
  }

  private static String decodeHex(Call call) {
    String text = call.text(0);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || Character.digit(c, 16) < 0) {
        return "encoding/hex: invalid byte: " + Quoting.unicode(c);
      }
    }
    if (text.length() % 2 != 0) {
      return "encoding/hex: odd length hex string";
    }
    return call.made(Utf8.of(HexFormat.of().parseHex(text)));
  }
}
