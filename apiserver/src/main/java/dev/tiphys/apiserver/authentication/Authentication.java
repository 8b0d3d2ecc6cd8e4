package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.authentication.Authenticator.Proof;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the user that a request comes from: the first authenticator that it convinces decides.
///
/// Threads: any.
public final class Authentication {

  private static final String BEARER = "bearer ";

  private final List<Authenticator> authenticators;

  public Authentication(List<Authenticator> authenticators) {
    this.authenticators = List.copyOf(authenticators);
  }

  /// The user that sent the request; the anonymous user if it does not try to prove anything in a
  /// way that is known.
  ///
  /// @throws ApiException `UNAUTHORIZED` if it tries and fails
  public UserInfo identify(Exchange exchange) {
    String shown = exchange.header("authorization");
    boolean tried = shown != null && shown.regionMatches(true, 0, BEARER, 0, BEARER.length());
    for (Authenticator authenticator : authenticators) {
      switch (authenticator.examine(exchange)) {
        case Proof.Of(UserInfo user) -> {
          return user;
        }
        case Proof.Failed() -> tried = true;
        case Proof.None() -> {}
      }
    }
    if (tried) {
      throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
    }
    return UserInfo.ANONYMOUS;
  }

  /// The user that a bearer token stands for; null if it stands for none.
  public @Nullable UserInfo ofToken(String token) {
    for (Authenticator authenticator : authenticators) {
      if (authenticator.examineToken(token) instanceof Proof.Of(UserInfo user)) {
        return user;
      }
    }
    return null;
  }
}
