package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Passage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Texts with names of nginx' variables in them, which stand for what a request has.
final class Variables {

  private Variables() {}

  /// Puts in what the variables stand for; nothing for those that are not known.
  static String fill(String text, Passage passage) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder filled = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char each = text.charAt(at);
      if (each != '$') {
        filled.append(each);
        at++;
        continue;
      }
      boolean braced = text.startsWith("{", at + 1);
      int begin = at + (braced ? 2 : 1);
      int end = begin;
      while (end < text.length() && isOfName(text.charAt(end))) {
        end++;
      }
      String value = value(text.substring(begin, end), passage);
      filled.append(value == null ? "" : value);
      at = braced && text.startsWith("}", end) ? end + 1 : end;
    }
    return filled.toString();
  }

  private static boolean isOfName(char each) {
    return each == '_' || each < 0x80 && Character.isLetterOrDigit(each);
  }

  private static @Nullable String value(String name, Passage passage) {
    var request = passage.request();
    return switch (name) {
      case "host", "best_http_host" -> request.host();
      case "scheme", "pass_access_scheme" -> request.scheme();
      case "request_method" -> request.method();
      case "request_uri" -> passage.target();
      case "uri" -> request.path();
      case "escaped_request_uri" -> URLEncoder.encode(passage.target(), StandardCharsets.UTF_8);
      case "remote_addr" -> passage.client().getHostAddress();
      default -> {
        if (name.startsWith("http_")) {
          yield request.header(name.substring(5).replace('_', '-').toLowerCase(Locale.ROOT));
        }
        if (name.startsWith("arg_")) {
          yield request.query(name.substring(4));
        }
        yield name.startsWith("cookie_")
            ? cookie(request.header("cookie"), name.substring(7))
            : null;
      }
    };
  }

  private static @Nullable String cookie(@Nullable String cookies, String name) {
    if (cookies != null) {
      for (String each : cookies.split("[;,]", -1)) {
        String[] parts = each.strip().split("=", 2);
        if (parts.length == 2 && parts[0].equals(name)) {
          return parts[1];
        }
      }
    }
    return null;
  }
}
