package dev.tiphys.http.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What a request asks for: a path and a query, as they stand in the request line.
///
/// There is no way to put anything in that is not escaped or checked: what comes from elsewhere can
/// neither end the line nor add a path segment or a parameter.
///
/// @param text what stands in the request line
public record RequestTarget(String text) {

  /// A target that has its final form.
  ///
  /// @throws IllegalArgumentException if anything in it cannot stand in a request line
  public RequestTarget {
    boolean proper = text.startsWith("/") && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!proper) {
      throw new IllegalArgumentException("not the target of a request");
    }
  }

  /// A path of some segments, which are escaped.
  public static RequestTarget of(String... segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append('/').append(escaped(segment));
    }
    return new RequestTarget(path.toString());
  }

  /// The same with one more parameter, which is escaped.
  public RequestTarget with(String name, String value) {
    char separator = text.indexOf('?') < 0 ? '?' : '&';
    return new RequestTarget(text + separator + escaped(name) + '=' + escaped(value));
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text;
  }
}
