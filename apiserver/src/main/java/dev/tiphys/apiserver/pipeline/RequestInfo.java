package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import java.util.Set;

/// What a request is about.
///
/// @param verb `get`, `list`, `watch`, `create` ...; outside resources the HTTP method in lower
///   case
/// @param subject the resource or path
public record RequestInfo(String verb, Subject subject) {

  private static final Set<String> LONG_VERBS = Set.of("watch", "proxy");
  private static final Set<String> LONG_SUBRESOURCES =
      Set.of("attach", "exec", "log", "portforward", "proxy");
  private static final Set<String> READING = Set.of("get", "list", "watch");

  /// What a user must be allowed to do for it. A Namespace counts as being in itself, so that
  /// rights in a namespace are rights to it.
  Attributes attributes(UserInfo user) {
    return new Attributes(
        user,
        verb,
        subject instanceof Subject.OfResource resource && resource.isNamespace()
            ? resource.inNamespace(resource.name())
            : subject);
  }

  /// Whether the request goes on for as long as its client likes.
  public boolean isLongRunning() {
    return LONG_VERBS.contains(verb)
        || subject instanceof Subject.OfResource resource
            && LONG_SUBRESOURCES.contains(resource.subresource());
  }

  /// Whether the request changes nothing.
  public boolean isReading() {
    return READING.contains(verb);
  }
}
