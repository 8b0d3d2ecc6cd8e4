package dev.tiphys.apiserver.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.http.Exchange;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Bearer tokens (RFC 6750) in the header of a request, or, from browsers that can't send it with a
/// WebSocket, among the protocols that the WebSocket may speak.
///
/// @param tokens whose they are
public record BearerTokens(Tokens tokens) implements Authenticator {

  private static final String SCHEME = "bearer ";
  private static final String PROTOCOL = "base64url.bearer.authorization.k8s.io.";

  @Override
  public Proof examine(Exchange exchange) {
    String token = token(exchange);
    if (token == null) {
      return Proof.NONE;
    }
    return tokens.examine(token) instanceof Verdict.Of found
        ? new Proof.Of(found.user())
        : Proof.FAILED;
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
