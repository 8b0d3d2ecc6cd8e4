package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Opaque;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.HashMapValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Parts of URLs.
final class Urls {

  private static final Type TYPE = Type.opaque("kubernetes.URL");

  private Urls() {}

  /// @param host with its port
  private record Url(String scheme, String host, String path, String query, String text)
      implements Opaque {

    @Override
    public Type type() {
      return TYPE;
    }
  }

  static Functions functions() {
    return new Functions()
        .addType(TYPE)
        .add("url", TYPE, Prices.reading(1, true), a -> parse(Strings.text(a, 0)), Type.STRING)
        .add("isURL", Type.BOOL, Price.NOMINAL, a -> isUrl(Strings.text(a, 0)), Type.STRING)
        .addMember("getScheme", Type.STRING, Price.NOMINAL, a -> url(a).scheme(), TYPE)
        .addMember("getHost", Type.STRING, Price.NOMINAL, a -> url(a).host(), TYPE)
        .addMember("getHostname", Type.STRING, Price.NOMINAL, a -> hostname(url(a).host()), TYPE)
        .addMember("getPort", Type.STRING, Price.NOMINAL, a -> port(url(a).host()), TYPE)
        .addMember("getEscapedPath", Type.STRING, Price.NOMINAL, a -> url(a).path(), TYPE)
        .addMember(
            "getQuery",
            Type.map(Type.STRING, Type.list(Type.STRING)),
            Price.NOMINAL,
            a -> query(url(a).query()),
            TYPE);
  }

  private static Url url(Object[] arguments) {
    return (Url) arguments[0];
  }

  private static boolean isUrl(String text) {
    try {
      return !parse(text).text().isEmpty();
    } catch (EvaluationException e) {
      return false;
    }
  }

  private static EvaluationException failed(String text, String problem) {
    return new EvaluationException(
        "URL parse error during conversion from string: parse "
            + Strings.quoted(text)
            + ": "
            + problem);
  }

  /// A URL with a scheme, or a path from the root.
  private static Url parse(String text) {
    if (text.isEmpty()) {
      throw failed(text, "empty url");
    }
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw failed(text, "net/url: invalid control character in URL");
    }
    int hash = text.indexOf('#');
    String whole = hash < 0 ? text : text.substring(0, hash);
    int colon = schemeEnd(text, whole);
    String scheme = colon < 0 ? "" : whole.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = whole.substring(colon + 1);
    if (!rest.startsWith("/")) {
      if (scheme.isEmpty()) {
        throw failed(text, "invalid URI for request");
      }
      return new Url(scheme, "", "", "", text);
    }
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    String place = mark < 0 ? rest : rest.substring(0, mark);
    String host = "";
    if (place.startsWith("//") && (!scheme.isEmpty() || !place.startsWith("///"))) {
      int slash = place.indexOf('/', 2);
      String authority = slash < 0 ? place.substring(2) : place.substring(2, slash);
      host = host(text, authority.substring(authority.lastIndexOf('@') + 1));
      place = slash < 0 ? "" : place.substring(slash);
    }
    checkEscapes(text, place);
    return new Url(scheme, host, escaped(place), query, text);
  }

  private static int schemeEnd(String text, String whole) {
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (c == ':') {
        if (i == 0) {
          throw failed(text, "missing protocol scheme");
        }
        return i;
      }
      if (!letter && (i == 0 || !(c >= '0' && c <= '9' || "+-.".indexOf(c) >= 0))) {
        return -1;
      }
    }
    return -1;
  }

  private static String host(String text, String host) {
    int colon = host.lastIndexOf(':');
    boolean bracket = host.startsWith("[");
    if (bracket && host.indexOf(']') < 0) {
      throw failed(text, "missing ']' in host");
    }
    if (bracket ? colon > host.indexOf(']') : colon >= 0) {
      String port = host.substring(colon);
      if (!port.substring(1).chars().allMatch(Character::isDigit)) {
        throw failed(text, "invalid port " + Strings.quoted(port) + " after host");
      }
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == ' ' || c == '\\' || c == '^' || c == '{' || c == '}' || c == '|' || c == '`') {
        throw failed(
            text, "invalid character " + Strings.quoted(Character.toString(c)) + " in host name");
      }
    }
    return host;
  }

  private static void checkEscapes(String text, String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      String escape = path.substring(i, Math.min(i + 3, path.length()));
      if (!escape.matches("%[0-9a-fA-F]{2}")) {
        throw failed(text, "invalid URL escape " + Strings.quoted(escape));
      }
    }
  }

  /// The path with all escaped that has to be.
  private static String escaped(String path) {
    StringBuilder escaped = new StringBuilder();
    for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean plain =
          c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~$&+,/:;=@!'()*%[]".indexOf(c) >= 0);
      escaped.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return escaped.toString();
  }

  private static String hostname(String host) {
    if (host.startsWith("[")) {
      return host.substring(1, host.indexOf(']'));
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static String port(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || colon < host.indexOf(']') ? "" : host.substring(colon + 1);
  }

  private static HashMapValue query(String query) {
    Map<String, List<Object>> values = new TreeMap<>();
    for (String part : query.split("&")) {
      if (!part.isEmpty() && part.indexOf(';') < 0) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        values.computeIfAbsent(decoded(name), _ -> new ArrayList<>()).add(decoded(value));
      }
    }
    HashMapValue map = new HashMapValue();
    values.forEach(map::put);
    return map;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
