package dev.tiphys.network.router.message;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// What a backend is told of the client, by the headers that nginx tells it with.
///
/// @param trusted whether what the request says already is believed
public record Forwarded(boolean trusted, String scheme, int port) {

  public void tell(
      HttpHeaders headers, String authority, SocketAddress client, RandomGenerator random) {
    String address =
        client instanceof InetSocketAddress internet ? internet.getAddress().getHostAddress() : "";
    String before = trusted ? headers.get("X-Forwarded-For") : null;
    headers.set("X-Forwarded-For", before == null ? address : before + ", " + address);
    headers.set("X-Real-IP", before == null ? address : before.split(",", 2)[0].strip());
    tell(headers, "X-Forwarded-Host", authority);
    tell(headers, "X-Forwarded-Port", Integer.toString(port));
    tell(headers, "X-Forwarded-Proto", scheme);
    tell(headers, "X-Forwarded-Scheme", scheme);
    headers.set("X-Scheme", scheme);
    if (!headers.contains("X-Request-ID")) {
      byte[] id = new byte[16];
      random.nextBytes(id);
      headers.set("X-Request-ID", HexFormat.of().formatHex(id));
    }
  }

  private void tell(HttpHeaders headers, String name, String value) {
    if (!trusted || !headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
