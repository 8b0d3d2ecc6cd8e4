package dev.tiphys.network.router.filters;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The credentials of a request that answers a challenge (RFC 7616, 3.4).
///
/// @param fields by their names in lower case, without quotes
record DigestHeader(Map<String, String> fields) {

  private static final String SCHEME = "Digest ";

  /// @return null if the text is none
  static @Nullable DigestHeader parse(@Nullable String text) {
    if (text == null || !text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    Map<String, String> fields = new HashMap<>();
    int at = SCHEME.length();
    while (at < text.length()) {
      int sign = text.indexOf('=', at);
      if (sign < 0) {
        return null;
      }
      String name = text.substring(at, sign).strip().toLowerCase(Locale.ROOT);
      StringBuilder value = new StringBuilder();
      at = sign + 1;
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      at += quoted ? 1 : 0;
      while (at < text.length() && text.charAt(at) != (quoted ? '"' : ',')) {
        at += quoted && text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
        value.append(text.charAt(at++));
      }
      int comma = text.indexOf(',', at);
      at = comma < 0 ? text.length() : comma + 1;
      fields.put(name, quoted ? value.toString() : value.toString().strip());
    }
    return new DigestHeader(fields);
  }

  /// Empty if it is not said.
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /// How often the nonce was used, this time included; -1 if that is not said.
  int count() {
    try {
      return Integer.parseInt(field("nc"), 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
