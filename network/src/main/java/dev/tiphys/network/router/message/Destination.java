package dev.tiphys.network.router.message;

import dev.tiphys.network.router.table.Action;

/// Where a client is sent that is sent elsewhere (RFC 9110, 10.2.2).
public final class Destination {

  private Destination() {}

  /// A place that is written down, with what was asked for filled in.
  public static String of(Action.Redirect redirect, RequestHead head) {
    return redirect.location().replace("$host", head.host()).replace("$target", head.target());
  }

  /// What was asked for, with some parts replaced.
  public static String of(Action.Relocate redirect, RequestHead head) {
    String scheme = redirect.scheme() == null ? head.scheme() : redirect.scheme();
    String host = redirect.host() == null ? head.host() : redirect.host();
    String path = redirect.path().of(head.path());
    return scheme
        + "://"
        + host
        + port(redirect.port(), head.authority())
        + (path == null ? head.target() : path + head.queryString());
  }

  private static String port(int port, String authority) {
    if (port == Action.Relocate.SAME_PORT) {
      int colon = authority.lastIndexOf(':');
      return colon > authority.lastIndexOf(']') ? authority.substring(colon) : "";
    }
    return port == 0 ? "" : ":" + port;
  }
}
