package dev.tiphys.apiserver.authorization;

import java.util.function.Consumer;

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
    check(attributes, _ -> {});
  }

  /// As [#check(Attributes)].
  ///
  /// @param told is given the decision
  default void check(Attributes attributes, Consumer<Decision> told) {
    Decision decision = decide(attributes);
    told.accept(decision);
    if (!decision.isAllowed()) {
      throw Refusals.of(attributes, decision);
    }
  }
}
