package dev.tiphys.http;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/// A header field, of a request or a response.
///
/// What cannot stand in a header field never gets into one: the name must be a token (RFC 9110,
/// 5.1), and control characters in the value, line ends above all, become spaces, as in upstream's
/// server.
///
/// @param name its name, in any case
/// @param value its value; what is not ASCII is sent as UTF-8
public record Header(String name, String value) {

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  public Header {
    if (!isToken(name)) {
      throw new IllegalArgumentException("not the name of a header field: " + name);
    }
    value = withoutControls(value);
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || TOKEN_MARKS.indexOf(c) >= 0);
  }

  private static String withoutControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isControl(text.charAt(i))) {
        StringBuilder clean = new StringBuilder(text);
        for (int j = i; j < clean.length(); j++) {
          if (isControl(clean.charAt(j))) {
            clean.setCharAt(j, ' ');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }

  private static boolean isControl(char c) {
    return c < ' ' && c != '\t' || c == 0x7f;
  }

  /// The bytes of the value.
  public AsciiString bytes() {
    return new AsciiString(value.getBytes(StandardCharsets.UTF_8), false);
  }
}
