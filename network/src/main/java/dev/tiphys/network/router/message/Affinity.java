package dev.tiphys.network.router.message;

import dev.tiphys.network.router.backends.HashBy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What keeps the requests of a client with one endpoint.
///
/// @param hash empty if nothing tells whose request it is
/// @param cookie what the client is given to be known by; null for nothing
public record Affinity(OptionalInt hash, @Nullable String cookie) {

  private static final Affinity NONE = new Affinity(OptionalInt.empty(), null);

  /// What tells whose request it is.
  ///
  /// @param client where it comes from
  public static Affinity of(
      HashBy by, RequestHead head, SocketAddress client, RandomGenerator random) {
    return switch (by) {
      case HashBy.Nothing() -> NONE;
      case HashBy.Header(String name) -> of(head.header(name));
      case HashBy.Target() -> of(head.target());
      case HashBy.Query(String name) -> of(head.query(name));
      case HashBy.Source() ->
          of(
              client instanceof InetSocketAddress internet
                  ? internet.getAddress().getHostAddress()
                  : null);
      case HashBy.Cookie cookie -> of(cookie, head, random);
    };
  }

  private static Affinity of(@Nullable String value) {
    return value == null ? NONE : new Affinity(OptionalInt.of(value.hashCode()), null);
  }

  private static Affinity of(HashBy.Cookie by, RequestHead head, RandomGenerator random) {
    String cookies = head.header("cookie");
    if (cookies != null) {
      for (var each : ServerCookieDecoder.LAX.decode(cookies)) {
        if (each.name().equals(by.name())) {
          return of(each.value());
        }
      }
    }
    if (by.life().isNegative()) {
      return NONE;
    }
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    String value = by.mark() + HexFormat.of().formatHex(bytes);
    StringBuilder given = new StringBuilder(by.name()).append("=\"").append(value).append('"');
    if (!by.life().isZero()) {
      given.append("; Max-Age=").append(by.life().toSeconds());
    }
    if (!by.path().isEmpty()) {
      given.append("; Path=").append(by.path());
    }
    return new Affinity(
        OptionalInt.of(value.hashCode()),
        given.append(by.attributes()).append("; HttpOnly").toString());
  }

  /// Gives the client what it is known by.
  public void tell(HttpHeaders response) {
    if (cookie != null) {
      response.add(HttpHeaderNames.SET_COOKIE, cookie);
    }
  }
}
