package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.http.Exchange;

/// One way for a client to prove its identity by a request.
///
/// Threads: any.
public interface Authenticator {

  /// What a request proves.
  Proof examine(Exchange exchange);

  /// What a request proves, in one way.
  sealed interface Proof {
    /// Nothing: it does not try.
    record None() implements Proof {}

    /// Nothing, though it tries.
    record Failed() implements Proof {}

    /// The user that it comes from.
    record Of(UserInfo user) implements Proof {}

    Proof NONE = new None();
    Proof FAILED = new Failed();
  }
}
