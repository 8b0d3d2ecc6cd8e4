package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.http.client.RequestTarget;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// Where a request goes to at the backend.
///
/// @param prefix what comes before it in the path that the client asked for, decoded
/// @param path the backend's path, decoded; empty if the client named none
/// @param query as it was sent
record ProxiedPath(String prefix, String path, String query) {

  private static final String UNESCAPED = "-_.~$&+,/:;=@";

  static ProxiedPath of(ResourceRequest request) {
    String whole = decoded(request.exchange().path());
    boolean slash = whole.endsWith("/");
    String path = clean("/" + request.rest());
    if (path.equals("/")) {
      path = slash ? "/" : "";
    } else if (slash) {
      path += "/";
    }
    String prefix =
        whole.endsWith(path) ? whole.substring(0, whole.length() - path.length()) : whole;
    return new ProxiedPath(prefix, path, request.exchange().query());
  }

  private static String decoded(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /// Without empty and dotted segments, and without a slash at the end.
  static String clean(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/")) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> segments.pollLast();
        default -> segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  /// What the backend is asked for.
  RequestTarget target() {
    String asked = path.isEmpty() ? "/" : escaped(path);
    return new RequestTarget(query.isEmpty() ? asked : asked + "?" + printable(query));
  }

  /// The path by which the client reaches the backend's path, for the backend to know.
  String forwarded() {
    String whole = clean(prefix + "/" + escaped(path));
    return path.endsWith("/") && !whole.endsWith("/") ? whole + "/" : whole;
  }

  /// A path without characters that cannot stand in a request line.
  static String escaped(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || UNESCAPED.indexOf(c) >= 0;
      add(out, c, plain);
    }
    return out.toString();
  }

  private static String printable(String query) {
    StringBuilder out = new StringBuilder(query.length());
    for (byte each : query.getBytes(StandardCharsets.ISO_8859_1)) { // as it came
      char c = (char) (each & 0xff);
      add(out, c, c > ' ' && c < 0x7f);
    }
    return out.toString();
  }

  private static void add(StringBuilder out, char c, boolean plain) {
    if (plain) {
      out.append(c);
    } else {
      out.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
      int from = out.length() - 2;
      out.setCharAt(from, Character.toUpperCase(out.charAt(from)));
      out.setCharAt(from + 1, Character.toUpperCase(out.charAt(from + 1)));
    }
  }
}
