package dev.tiphys.network.router.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Paths, in the form in which routes are looked up. That they are compared in a normal form keeps
/// a request from slipping past the route that is meant for it by writing its path another way.
public final class Paths {

  private static final String ALLOWED = "/-._~!$&'()*+,;=:@";

  private Paths() {}

  /// The normal form (RFC 3986, 6.2.2): octets decoded, dot segments removed, slashes merged.
  ///
  /// @param path as it was sent, without a query
  /// @return null if it is none: it doesn't begin with a slash, leads out of the root, or has a
  ///   broken escape or one for the octet 0
  public static @Nullable String normal(String path) {
    if (!path.startsWith("/")) {
      return null;
    }
    if (path.indexOf('%') < 0 && !path.contains("/.") && !path.contains("//")) {
      return path;
    }
    String decoded = decoded(path);
    return decoded == null ? null : withoutDots(decoded);
  }

  private static @Nullable String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) != '%') {
        octets.write(path.charAt(i));
        continue;
      }
      if (i + 2 >= path.length()) {
        return null;
      }
      int high = Character.digit(path.charAt(++i), 16);
      int low = Character.digit(path.charAt(++i), 16);
      if (high < 0 || low < 0 || high + low == 0) {
        return null;
      }
      octets.write(high << 4 | low);
    }
    return octets.toString(StandardCharsets.UTF_8);
  }

  /// Removes dot segments (RFC 3986, 5.2.4) and empty ones.
  private static @Nullable String withoutDots(String path) {
    StringBuilder normal = new StringBuilder(path.length());
    int begin = 1;
    while (begin <= path.length()) {
      int slash = path.indexOf('/', begin);
      int end = slash < 0 ? path.length() : slash;
      String segment = path.substring(begin, end);
      boolean last = slash < 0;
      if (segment.equals("..")) {
        if (normal.isEmpty()) {
          return null;
        }
        normal.setLength(normal.lastIndexOf("/"));
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        normal.append('/').append(segment);
      }
      if (last && (segment.isEmpty() || segment.equals(".") || segment.equals(".."))) {
        normal.append('/');
      }
      begin = end + 1;
    }
    return normal.toString();
  }

  /// A path in the form in which it is sent: octets that may not stand in a path are escaped (RFC
  /// 3986, 3.3).
  static String escaped(String path) {
    StringBuilder escaped = new StringBuilder(path.length());
    for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
      char each = (char) (octet & 0xff);
      if (each < 0x80 && (Character.isLetterOrDigit(each) || ALLOWED.indexOf(each) >= 0)) {
        escaped.append(each);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return escaped.toString();
  }
}
