package dev.tiphys.client.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The key of something extra that is known of a user, as the end of a header field's name.
public final class ExtraKey {

  private static final String TOKEN_MARKS = "!#$&'*+-.^_`|~";

  private ExtraKey() {}

  /// The key with each byte that a name must not have, and `%`, as `%2F`: keys are mostly of the
  /// form `example.com/key`.
  public static String escaped(String key) {
    StringBuilder escaped = new StringBuilder(key.length());
    for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean stays =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || TOKEN_MARKS.indexOf(c) >= 0;
      if (stays) {
        escaped.append(c);
      } else {
        escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return escaped.toString();
  }
}
