package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Selectors;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import java.util.List;
import java.util.Set;

/// What a request is about.
///
/// @param verb `get`, `list`, `watch`, `create` ...; outside resources the HTTP method in lower
///   case
/// @param subject the resource or path
/// @param selectors which objects of the resource
public record RequestInfo(String verb, Subject subject, Selectors selectors) {

  private static final Set<String> COLLECTIVE = Set.of("list", "watch", "deletecollection");

  private static final Set<String> LONG_VERBS = Set.of("watch", "proxy");
  private static final Set<String> LONG_SUBRESOURCES =
      Set.of("attach", "exec", "log", "portforward", "proxy");
  private static final Set<String> SESSIONS = Set.of("attach", "exec", "portforward");
  private static final Set<String> READING = Set.of("get", "list", "watch");

  /// Of a request that is not about several objects at once.
  public RequestInfo(String verb, Subject subject) {
    this(verb, subject, Selectors.NONE);
  }

  /// Of a request for a resource. One for several objects that pins their name counts as being
  /// about the object of that name.
  ///
  /// @param fields a field selector, as it was sent
  /// @param labels a label selector, as it was sent
  public static RequestInfo ofResource(
      String verb, Subject.OfResource subject, String fields, String labels) {
    if (!COLLECTIVE.contains(verb) || fields.isEmpty() && labels.isEmpty()) {
      return new RequestInfo(verb, subject);
    }
    Selectors selectors = new Selectors(terms(fields), requirements(labels));
    if (subject.name().isEmpty()) {
      for (FieldSelector.Term term : selectors.fields()) {
        if (term.equal() && term.field().equals("metadata.name") && canBeName(term.value())) {
          return new RequestInfo(verb, subject.named(term.value()), selectors);
        }
      }
    }
    return new RequestInfo(verb, subject, selectors);
  }

  private static List<FieldSelector.Term> terms(String fields) {
    try {
      return FieldSelector.parse(fields).terms();
    } catch (IllegalArgumentException e) {
      return List.of(); // it is refused where the selector is needed
    }
  }

  private static List<Requirement> requirements(String labels) {
    try {
      return LabelSelector.parse(labels).requirements();
    } catch (IllegalArgumentException e) {
      return List.of(); // likewise
    }
  }

  private static boolean canBeName(String value) {
    return !value.equals(".")
        && !value.equals("..")
        && value.indexOf('/') < 0
        && value.indexOf('%') < 0;
  }

  /// What a user must be allowed to do for it. A Namespace counts as being in itself, so that
  /// rights in a namespace are rights to it.
  Attributes attributes(UserInfo user) {
    return new Attributes(
        user,
        verb,
        subject instanceof Subject.OfResource resource && resource.isNamespace()
            ? resource.inNamespace(resource.name())
            : subject,
        selectors);
  }

  /// Whether the request goes on for as long as its client likes.
  public boolean isLongRunning() {
    return LONG_VERBS.contains(verb)
        || subject instanceof Subject.OfResource resource
            && LONG_SUBRESOURCES.contains(resource.subresource());
  }

  /// Whether the request opens a session with a container though it looks like one that only reads,
  /// as WebSockets do: that takes the right to create the session as well.
  boolean opensSession() {
    return verb.equals("get")
        && subject instanceof Subject.OfResource resource
        && resource.group().isEmpty()
        && resource.plural().equals("pods")
        && SESSIONS.contains(resource.subresource());
  }

  /// The same with another verb.
  RequestInfo as(String other) {
    return new RequestInfo(other, subject, selectors);
  }

  /// Whether the request changes nothing.
  public boolean isReading() {
    return READING.contains(verb);
  }
}
