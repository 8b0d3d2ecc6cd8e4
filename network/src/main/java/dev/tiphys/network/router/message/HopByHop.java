package dev.tiphys.network.router.message;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Headers that are for the next connection only (RFC 9110, 7.6.1).
public final class HopByHop {

  /// What `Connection` names is removed, but for these: a client could otherwise take from a
  /// request what its meaning rests on.
  private static final Set<String> KEPT =
      Set.of("host", "content-length", "content-type", "authorization", "cookie", "cache-control");

  private HopByHop() {}

  public static void remove(HttpHeaders headers) {
    boolean trailers = headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
    List<String> connection = headers.getAll(HttpHeaderNames.CONNECTION);
    for (String value : connection) {
      for (String name : value.split(",", -1)) {
        String named = name.strip().toLowerCase(Locale.ROOT);
        if (!named.isEmpty() && !KEPT.contains(named)) {
          headers.remove(named);
        }
      }
    }
    headers.remove(HttpHeaderNames.CONNECTION);
    headers.remove("keep-alive");
    headers.remove("proxy-connection");
    headers.remove(HttpHeaderNames.TE);
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.remove(HttpHeaderNames.UPGRADE);
    if (trailers) {
      headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS); // gRPC asks for it
    }
  }
}
