package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.request.UserInfo;

/// What a request wants to do, as far as authorization depends on it.
///
/// @param user in whose name
/// @param verb what: `get`, `list`, `create` ...; for paths outside resources the HTTP method in
///   lower case
/// @param subject to which resource or path
public record Attributes(UserInfo user, String verb, Subject subject) {

  /// What a request is about.
  public sealed interface Subject {
    /// A resource, or one object of it.
    ///
    /// @param group the API group; empty for the core group
    /// @param version the version asked for
    /// @param plural the resource
    /// @param subresource what of the object; empty for itself
    /// @param namespace empty for resources of the whole cluster, or for all namespaces
    /// @param name empty for the collection
    record OfResource(
        String group,
        String version,
        String plural,
        String subresource,
        String namespace,
        String name)
        implements Subject {

      /// Whether it is about Namespaces.
      public boolean isNamespace() {
        return group.isEmpty() && plural.equals("namespaces") && namespace.isEmpty();
      }

      /// The same, but about the object of this name.
      public OfResource named(String single) {
        return new OfResource(group, version, plural, subresource, namespace, single);
      }

      /// The same in another namespace.
      public OfResource inNamespace(String other) {
        return new OfResource(group, version, plural, subresource, other, name);
      }
    }

    /// A path outside resources, such as `/version`.
    record OfPath(String path) implements Subject {}
  }
}
