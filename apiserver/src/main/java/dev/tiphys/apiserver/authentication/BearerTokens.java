package dev.tiphys.apiserver.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.apiserver.fairness.Overload;
import dev.tiphys.http.Exchange;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Bearer tokens (RFC 6750) in the header of a request, or, from browsers that can't send it with a
/// WebSocket, among the protocols that the WebSocket may speak.
///
/// Threads: any.
final class BearerTokens implements Authenticator {

  private static final String SCHEME = "bearer ";
  private static final String PROTOCOL = "base64url.bearer.authorization.k8s.io.";

  private final Tokens tokens;
  private final FailedLogins failures;

  /// @param tokens whose they are
  BearerTokens(World world, Tokens tokens) {
    this.tokens = tokens;
    this.failures = new FailedLogins(world);
  }

  /// @throws Overload if too many tokens that prove nothing came from this address: then one that
  ///   is not known is not looked at
  @Override
  public Proof examine(Exchange exchange) {
    String token = token(exchange);
    if (token == null) {
      return Proof.NONE;
    }
    InetAddress address = exchange.remote().getAddress();
    if (failures.isOver(address) && !tokens.remembers(token)) {
      throw new Overload(1);
    }
    if (tokens.examine(token) instanceof Verdict.Of found) {
      return new Proof.Of(found.user());
    }
    failures.add(address);
    return Proof.FAILED;
  }

  private static @Nullable String token(Exchange exchange) {
    String header = exchange.header("authorization");
    if (header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      String token = header.substring(SCHEME.length()).strip();
      return token.isEmpty() ? null : token;
    }
    String protocols = exchange.header("sec-websocket-protocol");
    return protocols == null ? null : ofProtocols(protocols);
  }

  private static @Nullable String ofProtocols(String protocols) {
    for (String protocol : protocols.split(",", -1)) {
      if (protocol.strip().startsWith(PROTOCOL)) {
        try {
          String encoded = protocol.strip().substring(PROTOCOL.length());
          return new String(Base64.getUrlDecoder().decode(encoded), UTF_8);
        } catch (IllegalArgumentException e) {
          return ""; // it tries, and proves nothing
        }
      }
    }
    return null;
  }
}
