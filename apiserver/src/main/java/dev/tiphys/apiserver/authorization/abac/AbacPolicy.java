package dev.tiphys.apiserver.authorization.abac;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import java.util.List;

/// One right: who may do what. `*` stands for all, and a path may end in it.
///
/// @param user empty for no matter which
/// @param group empty for no matter which; with a user too, that user must be in it
/// @param readonly whether it is a right to read alone
/// @param path outside resources
record AbacPolicy(
    String user,
    String group,
    boolean readonly,
    String apiGroup,
    String namespace,
    String resource,
    String path) {

  private static final String ALL = "*";

  /// As `spec` of version `v1beta1` says it.
  static AbacPolicy of(Struct spec) {
    return new AbacPolicy(
            spec.string("user"),
            spec.string("group"),
            spec.bool("readonly"),
            spec.string("apiGroup"),
            spec.string("namespace"),
            spec.string("resource"),
            spec.string("nonResourcePath"))
        .ofAuthenticated();
  }

  /// As lines without a version say it: what they leave out is no matter which.
  static AbacPolicy unversioned(Struct line) {
    String namespace = line.string("namespace");
    String resource = line.string("resource");
    boolean nobody = line.string("user").isEmpty() && line.string("group").isEmpty();
    return new AbacPolicy(
            line.string("user"),
            nobody ? ALL : line.string("group"),
            line.bool("readonly"),
            ALL,
            namespace.isEmpty() ? ALL : namespace,
            resource.isEmpty() ? ALL : resource,
            namespace.isEmpty() && resource.isEmpty() ? ALL : "")
        .ofAuthenticated();
  }

  /// All users are those who have proven an identity.
  private AbacPolicy ofAuthenticated() {
    return user.equals(ALL) || group.equals(ALL)
        ? new AbacPolicy("", UserInfo.AUTHENTICATED, readonly, apiGroup, namespace, resource, path)
        : this;
  }

  boolean isFor(UserInfo other) {
    return !(user.isEmpty() && group.isEmpty())
        && (user.isEmpty() || user.equals(other.name()))
        && (group.isEmpty() || other.groups().contains(group));
  }

  boolean allows(Attributes attributes) {
    return isFor(attributes.user())
        && (!readonly || attributes.isReading())
        && switch (attributes.subject()) {
          case Subject.OfResource subject ->
              isFor(subject.namespace())
                  && matches(resource, subject.plural())
                  && matches(apiGroup, subject.group());
          case Subject.OfPath(String asked) -> isForPath(asked);
        };
  }

  private boolean isFor(String otherNamespace) {
    return matches(namespace, otherNamespace);
  }

  private static boolean matches(String wanted, String asked) {
    return wanted.equals(ALL) || wanted.equals(asked);
  }

  private boolean isForPath(String asked) {
    return path.equals(asked)
        || path.endsWith(ALL) && asked.startsWith(path.substring(0, path.indexOf(ALL)));
  }

  /// What it lets a user do in a namespace, as rules of roles.
  List<Struct> rules(String otherNamespace) {
    if (!isFor(otherNamespace)) {
      return List.of();
    }
    List<String> verbs = readonly ? List.of("get", "list", "watch") : List.of(ALL);
    Struct resources =
        Struct.of("verbs", verbs, "apiGroups", List.of(apiGroup), "resources", List.of(resource));
    Struct paths = Struct.of("verbs", verbs, "nonResourceURLs", List.of(path));
    return path.isEmpty()
        ? resource.isEmpty() ? List.of() : List.of(resources)
        : resource.isEmpty() ? List.of(paths) : List.of(resources, paths);
  }
}
