package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.authentication.Authenticator.Proof;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Finds the user that a request comes from: the first authenticator that it convinces decides.
///
/// Threads: any.
public final class Authentication {

  private final List<Authenticator> authenticators;
  private final Tokens tokens;
  private final Supplier<Anonymous> anonymous;

  /// @param authenticators in the order in which they are asked, tokens last
  /// @param tokens those that authenticate requests, for reviews of tokens
  /// @param anonymous which requests need not prove anything at the moment
  public Authentication(
      World world,
      List<Authenticator> authenticators,
      Tokens tokens,
      Supplier<Anonymous> anonymous) {
    List<Authenticator> all = new ArrayList<>(authenticators);
    all.add(new BearerTokens(world, tokens));
    this.authenticators = List.copyOf(all);
    this.tokens = tokens;
    this.anonymous = anonymous;
  }

  /// The user that sent the request; the anonymous user if it does not try to prove anything in a
  /// way that is known.
  ///
  /// @throws ApiException `UNAUTHORIZED` if it tries and fails, or should have tried
  public UserInfo identify(Exchange exchange) {
    boolean tried = false;
    for (Authenticator authenticator : authenticators) {
      switch (authenticator.examine(exchange)) {
        case Proof.Of(UserInfo user) -> {
          return user.authenticated();
        }
        case Proof.Failed() -> tried = true;
        case Proof.None() -> {}
      }
    }
    if (tried || !anonymous.get().mayAsk(exchange.path())) {
      throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
    }
    return UserInfo.ANONYMOUS;
  }

  /// The tokens that authenticate requests.
  public Tokens tokens() {
    return tokens;
  }
}
