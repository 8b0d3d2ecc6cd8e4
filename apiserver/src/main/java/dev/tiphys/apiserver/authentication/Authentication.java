package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.authentication.Authenticator.Proof;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.http.Exchange;
import java.util.List;

/// Finds out who sent a request: the first authenticator that a request convinces decides.
///
/// Threads: any.
public final class Authentication {

  private final List<Authenticator> authenticators;

  public Authentication(List<Authenticator> authenticators) {
    this.authenticators = List.copyOf(authenticators);
  }

  /// Who sent the request; the anonymous user if it does not try to prove anything.
  ///
  /// @throws ApiException `UNAUTHORIZED` if it tries and fails
  public UserInfo identify(Exchange exchange) {
    boolean tried = exchange.header("authorization") != null;
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
}
