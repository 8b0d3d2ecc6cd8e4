package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;

/// What a sender is told that may not do what it asks for.
public final class Refusals {

  private Refusals() {}

  static ApiException of(Attributes attributes, Decision decision) {
    if (!decision.error().isEmpty()) {
      return ApiException.internal("Internal Server Error: " + decision.error());
    }
    return forbidden(attributes, decision.reason());
  }

  /// A refusal in upstream's words.
  ///
  /// @param reason why; may be empty
  public static ApiException forbidden(Attributes attributes, String reason) {
    String who = "User \"" + attributes.user().name() + "\" cannot " + attributes.verb() + " ";
    String why = reason.isEmpty() ? "" : ": " + reason;
    return switch (attributes.subject()) {
      case Subject.OfPath(String path) ->
          ApiException.of(Reason.FORBIDDEN, "forbidden: " + who + "path \"" + path + "\"" + why);
      case Subject.OfResource subject ->
          ApiException.forbidden(
              subject.group().isEmpty()
                  ? subject.plural()
                  : subject.plural() + "." + subject.group(),
              subject.name(),
              who + described(subject) + why);
    };
  }

  private static String described(Subject.OfResource subject) {
    String scope =
        subject.namespace().isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"" + subject.namespace() + "\"";
    return "resource \""
        + subject.resource()
        + "\" in API group \""
        + subject.group()
        + "\" "
        + scope;
  }
}
