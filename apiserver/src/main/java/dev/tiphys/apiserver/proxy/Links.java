package dev.tiphys.apiserver.proxy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes links of a backend lead through the proxy.
///
/// @param prefix the path below which the client sees the backend
/// @param backend host and port of the backend
/// @param server host and port of this server, as the client calls it
public record Links(String prefix, String backend, String server) {

  /// A reference in its parts (RFC 3986, appendix B).
  private static final Pattern REFERENCE =
      Pattern.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)((?:\\?[^#]*)?(?:#.*)?)");

  /// The link as the client can follow it: changed if it leads to an absolute path of the backend.
  String rewritten(String link) {
    Matcher parts = REFERENCE.matcher(link);
    if (!parts.matches()) {
      return link;
    }
    String host = parts.group(2) == null ? "" : parts.group(2);
    String path = parts.group(3);
    boolean elsewhere = !host.isEmpty() && !host.equals(backend) && !host.equals(server);
    if (elsewhere || !path.startsWith("/")) {
      return link;
    }
    boolean named = host.equals(server) && !host.isEmpty();
    String origin = named ? (parts.group(1) == null ? "" : parts.group(1) + ":") + "//" + host : "";
    return origin + through(path) + parts.group(4);
  }

  private String through(String path) {
    if (path.startsWith(prefix)) {
      return path;
    }
    String whole = ProxiedPath.clean(prefix + "/" + path);
    return path.endsWith("/") && !whole.endsWith("/") ? whole + "/" : whole;
  }
}
