package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.MAP;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Dict;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// URLs taken apart into maps and put together of them, read as Go does.
final class Urls {

  private static final String UNRESERVED = "-_.~";
  private static final String IN_PATHS = "$&+,/:;=@";
  private static final String IN_FRAGMENTS = "$&+,/:;=?@!()*'";
  private static final String IN_USERS = "$&+,;=";

  private Urls() {}

  static List<Function> functions() {
    return List.of(
        Function.of("urlParse", call -> parse(call.text(0)), STRING),
        Function.of("urlJoin", Urls::join, MAP));
  }

  private static CallException unparsable(String url, String problem) {
    return new CallException("unable to parse url: parse " + Quoting.quote(url) + ": " + problem);
  }

  private static Dict parse(String url) {
    for (int i = 0; i < url.length(); i++) {
      if (url.charAt(i) < ' ' || url.charAt(i) == 0x7f) {
        throw unparsable(url, "net/url: invalid control character in URL");
      }
    }
    int hash = url.indexOf('#');
    String fragment = hash < 0 ? "" : url.substring(hash + 1);
    String rest = hash < 0 ? url : url.substring(0, hash);
    Dict parts = new Dict();
    for (String name : List.of("scheme", "host", "hostname", "opaque", "userinfo")) {
      parts.put(name, "");
    }
    int colon = schemeEnd(url, rest);
    String scheme = colon < 0 ? "" : rest.substring(0, colon).toLowerCase(Locale.ROOT);
    parts.put("scheme", scheme);
    rest = rest.substring(colon + 1);
    int question = rest.indexOf('?');
    parts.put("query", question < 0 ? "" : rest.substring(question + 1));
    rest = question < 0 ? rest : rest.substring(0, question);
    if (!scheme.isEmpty() && !rest.startsWith("/")) {
      parts.put("opaque", rest);
      rest = "";
    } else if (!rest.startsWith("/") && firstSegment(rest).contains(":")) {
      throw unparsable(url, "first path segment in URL cannot contain colon");
    } else if (rest.startsWith("//") && !(scheme.isEmpty() && rest.startsWith("///"))) {
      int slash = rest.indexOf('/', 2);
      authority(url, parts, slash < 0 ? rest.substring(2) : rest.substring(2, slash));
      rest = slash < 0 ? "" : rest.substring(slash);
    }
    parts.put("path", unescape(url, rest));
    return parts.put("fragment", unescape(url, fragment));
  }

  private static String firstSegment(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }

  /// Where the scheme ends; negative if there is none.
  private static int schemeEnd(String url, String rest) {
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      boolean letter = c < 0x80 && Character.isLetter(c);
      boolean inner = c < 0x80 && Character.isDigit(c) || c == '+' || c == '-' || c == '.';
      if (c == ':') {
        if (i == 0) {
          throw unparsable(url, "missing protocol scheme");
        }
        return i;
      }
      if (!letter && !(inner && i > 0)) {
        return -1;
      }
    }
    return -1;
  }

  private static void authority(String url, Dict parts, String authority) {
    int at = authority.lastIndexOf('@');
    String host = authority.substring(at + 1);
    if (at >= 0) {
      parts.put("userinfo", user(url, authority.substring(0, at)));
    }
    parts.put("host", unescape(url, host));
    boolean bracketed = host.startsWith("[");
    int port = bracketed ? host.indexOf("]:") + 1 : host.lastIndexOf(':');
    boolean hasPort = port > 0 || port == 0 && host.startsWith(":");
    if (hasPort && !host.substring(port + 1).matches("[0-9]*")) {
      String problem = "invalid port " + Quoting.quote(host.substring(port)) + " after host";
      throw unparsable(url, problem);
    }
    String name = hasPort ? host.substring(0, port) : host;
    boolean whole = bracketed && name.endsWith("]");
    parts.put("hostname", unescape(url, whole ? name.substring(1, name.length() - 1) : name));
  }

  private static String user(String url, String user) {
    if (!user.matches("[A-Za-z0-9\\-._:~!$&'()*+,;=%@]*")) {
      throw unparsable(url, "net/url: invalid userinfo");
    }
    int colon = user.indexOf(':');
    String name = escape(unescape(url, colon < 0 ? user : user.substring(0, colon)), IN_USERS);
    return colon < 0
        ? name
        : name + ":" + escape(unescape(url, user.substring(colon + 1)), IN_USERS);
  }

  private static String unescape(String url, String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '%') {
        out.append(text.charAt(i));
        continue;
      }
      String escape = text.substring(i, Math.min(i + 3, text.length()));
      if (!escape.matches("%[0-9a-fA-F]{2}")) {
        throw unparsable(url, "invalid URL escape " + Quoting.quote(escape));
      }
      out.append((char) Integer.parseInt(escape.substring(1), 16));
      i += 2;
    }
    return out.toString();
  }

  private static String escape(String text, String allowed) {
    StringBuilder out = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      boolean plain = c < 0x80 && Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0;
      if (plain || allowed.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return out.toString();
  }

  private static String part(Dict parts, String name) {
    if (!parts.has(name)) {
      return "";
    }
    @Nullable Object value = parts.get(name);
    if (value instanceof String text) {
      return text;
    }
    throw new CallException(
        "unable to parse "
            + name
            + " key, must be of type string, but "
            + Casts.kind(value)
            + " found");
  }

  private static String join(Call call) {
    Dict parts = call.dict(0);
    String scheme = part(parts, "scheme");
    String host = part(parts, "host");
    String path = part(parts, "path");
    String query = part(parts, "query");
    String opaque = part(parts, "opaque");
    String fragment = part(parts, "fragment");
    String info = part(parts, "userinfo");
    String user = info.isEmpty() ? "" : user("proto://" + info + "@host", info);
    StringBuilder url = new StringBuilder(scheme.isEmpty() ? "" : scheme + ":");
    if (!opaque.isEmpty()) {
      url.append(opaque);
    } else {
      boolean authority = !host.isEmpty() || !user.isEmpty();
      if (authority || !scheme.isEmpty() && path.startsWith("/")) {
        url.append(authority || path.startsWith("/") ? "//" : "");
        url.append(user.isEmpty() ? "" : user + "@").append(escape(host, "!$&'()*+,;=:[]<>\""));
      }
      String escaped = escape(path, IN_PATHS);
      boolean colon = firstSegment(escaped).contains(":") && url.isEmpty();
      url.append(!path.isEmpty() && !path.startsWith("/") && !host.isEmpty() ? "/" : "");
      url.append(colon ? "./" : "").append(escaped);
    }
    url.append(query.isEmpty() ? "" : "?" + query);
    return call.made(
        url.append(fragment.isEmpty() ? "" : "#" + escape(fragment, IN_FRAGMENTS)).toString());
  }
}
