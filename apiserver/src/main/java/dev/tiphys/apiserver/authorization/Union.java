package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.authorization.Decision.Verdict;
import java.util.ArrayList;
import java.util.List;

/// Authorizers in a row: the first that has an opinion decides.
///
/// @param authorizers in the order in which they are asked
public record Union(List<Authorizer> authorizers) implements Authorizer {

  public Union {
    authorizers = List.copyOf(authorizers);
  }

  @Override
  public Decision decide(Attributes attributes) {
    List<String> reasons = new ArrayList<>(0);
    List<String> errors = new ArrayList<>(0);
    for (Authorizer authorizer : authorizers) {
      Decision decision = authorizer.decide(attributes);
      if (decision.verdict() != Verdict.NO_OPINION) {
        return decision;
      }
      if (!decision.reason().isEmpty()) {
        reasons.add(decision.reason());
      }
      if (!decision.error().isEmpty()) {
        errors.add(decision.error());
      }
    }
    return reasons.isEmpty() && errors.isEmpty()
        ? Decision.NO_OPINION
        : new Decision(Verdict.NO_OPINION, String.join("\n", reasons), Decision.aggregate(errors));
  }
}
