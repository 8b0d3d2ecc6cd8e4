package dev.tiphys.apiserver.authorization;

/// Decides whether a request may go on.
///
/// Threads: any.
@FunctionalInterface
public interface Authorizer {

  Decision decide(Attributes attributes);

  /// Throws the refusal that upstream words for what is not allowed.
  ///
  /// @throws dev.tiphys.object.api.ApiException `FORBIDDEN`; `INTERNAL_ERROR` if it could not be
  ///   decided
  default void check(Attributes attributes) {
    Decision decision = decide(attributes);
    if (!decision.isAllowed()) {
      throw Refusals.of(attributes, decision);
    }
  }
}
