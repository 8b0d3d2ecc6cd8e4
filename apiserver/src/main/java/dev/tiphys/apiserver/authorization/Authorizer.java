package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;

/// Decides whether a request may go on.
///
/// Threads: any.
public interface Authorizer {

  boolean allows(Attributes attributes);

  /// Throws the refusal that upstream words for what is not allowed.
  default void check(Attributes attributes) {
    if (!allows(attributes)) {
      throw refusal(attributes);
    }
  }

  private static ApiException refusal(Attributes attributes) {
    String who = "User \"" + attributes.user().name() + "\" cannot ";
    return switch (attributes.subject()) {
      case Subject.OfPath(String path) ->
          ApiException.of(
              Reason.FORBIDDEN, "forbidden: " + who + attributes.verb() + " path \"" + path + "\"");
      case Subject.OfResource subject ->
          ApiException.forbidden(
              subject.group().isEmpty()
                  ? subject.plural()
                  : subject.plural() + "." + subject.group(),
              subject.name(),
              who + attributes.verb() + " " + described(subject));
    };
  }

  private static String described(Subject.OfResource subject) {
    String resource =
        subject.subresource().isEmpty()
            ? subject.plural()
            : subject.plural() + "/" + subject.subresource();
    String scope =
        subject.namespace().isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"" + subject.namespace() + "\"";
    return "resource \"" + resource + "\" in API group \"" + subject.group() + "\" " + scope;
  }
}
