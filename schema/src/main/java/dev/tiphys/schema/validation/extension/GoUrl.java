package dev.tiphys.schema.validation.extension;

import dev.tiphys.schema.validation.FieldError;
import java.util.Locale;

/// The parts of a URL as Go reads them, which minds less than Java does.
///
/// @param scheme in lower case; this and the others are empty if there are none
/// @param host with its port
record GoUrl(String scheme, String user, String host, String query, String fragment) {

  /// A text that is no URL, and why.
  static final class WrongUrl extends Exception {

    private static final long serialVersionUID = 1;

    private WrongUrl(String text, String problem) {
      super("parse " + FieldError.quoted(text) + ": " + problem);
    }
  }

  /// @throws WrongUrl if the text is none
  static GoUrl of(String text) throws WrongUrl {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new WrongUrl(text, "net/url: invalid control character in URL");
    }
    String whole = before(text, '#');
    String fragment = after(text, '#');
    checkEscapes(text, fragment);
    int colon = schemeEnd(text, whole);
    String scheme = whole.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
    String rest = whole.substring(colon + 1);
    String place = before(rest, '?');
    String query = after(rest, '?');
    if (!place.startsWith("/")) {
      if (scheme.isEmpty() && before(place, '/').indexOf(':') >= 0) {
        throw new WrongUrl(text, "first path segment in URL cannot contain colon");
      }
      if (scheme.isEmpty()) {
        checkEscapes(text, place);
      }
      return new GoUrl(scheme, "", "", query, fragment);
    }
    boolean named = place.startsWith("//") && !(scheme.isEmpty() && place.startsWith("///"));
    String authority = named ? before(place.substring(2), '/') : "";
    checkEscapes(text, named ? place.substring(2 + authority.length()) : place);
    int at = authority.lastIndexOf('@');
    String host = authority.substring(at + 1);
    checkHost(text, host);
    return new GoUrl(scheme, authority.substring(0, Math.max(at, 0)), host, query, fragment);
  }

  private static String before(String text, char mark) {
    int at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  private static String after(String text, char mark) {
    int at = text.indexOf(mark);
    return at < 0 ? "" : text.substring(at + 1);
  }

  /// Where the scheme ends; -1 if there is none.
  private static int schemeEnd(String text, String whole) throws WrongUrl {
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (c == ':') {
        if (i == 0) {
          throw new WrongUrl(text, "missing protocol scheme");
        }
        return i;
      }
      if (!letter && (i == 0 || !(c >= '0' && c <= '9' || "+-.".indexOf(c) >= 0))) {
        return -1;
      }
    }
    return -1;
  }

  private static void checkHost(String text, String host) throws WrongUrl {
    int bracket = host.startsWith("[") ? host.lastIndexOf(']') : -1;
    if (host.startsWith("[") && bracket < 0) {
      throw new WrongUrl(text, "missing ']' in host");
    }
    int colon = host.indexOf(':', Math.max(bracket, 0));
    String port =
        bracket >= 0 ? host.substring(bracket + 1) : colon < 0 ? "" : host.substring(colon);
    if (!port.matches("(:[0-9]*)?")) {
      throw new WrongUrl(text, "invalid port " + FieldError.quoted(port) + " after host");
    }
    for (int i = 0; i < host.length(); i++) {
      String c = host.substring(i, i + 1);
      if (" \\^{}|`".contains(c)) {
        throw new WrongUrl(text, "invalid character " + FieldError.quoted(c) + " in host name");
      }
    }
  }

  private static void checkEscapes(String text, String part) throws WrongUrl {
    for (int at = part.indexOf('%'); at >= 0; at = part.indexOf('%', at + 1)) {
      String escape = part.substring(at, Math.min(at + 3, part.length()));
      if (!escape.matches("%[0-9a-fA-F]{2}")) {
        throw new WrongUrl(text, "invalid URL escape " + FieldError.quoted(escape));
      }
    }
  }
}
