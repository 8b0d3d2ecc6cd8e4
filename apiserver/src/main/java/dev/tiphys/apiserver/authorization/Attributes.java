package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.request.UserInfo;

/// What somebody asks to do, as far as it matters for whether he may.
///
/// @param user who
/// @param verb what: `get`, `list`, `create` ...; for paths outside resources the HTTP method in
///   lower case
/// @param subject to what
public record Attributes(UserInfo user, String verb, Subject subject) {

  /// To what something is to be done.
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
        implements Subject {}

    /// A path outside resources, such as `/version`.
    record OfPath(String path) implements Subject {}
  }
}
