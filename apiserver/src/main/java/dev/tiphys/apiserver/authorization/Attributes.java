package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.Requirement;
import java.util.List;

/// What a request wants to do, as far as authorization depends on it.
///
/// @param user in whose name
/// @param verb what: `get`, `list`, `create` ...; for paths outside resources the HTTP method in
///   lower case
/// @param subject to which resource or path
/// @param selectors to which of the resource's objects, if to several at once
public record Attributes(UserInfo user, String verb, Subject subject, Selectors selectors) {

  /// Of a request without selectors.
  public Attributes(UserInfo user, String verb, Subject subject) {
    this(user, verb, subject, Selectors.NONE);
  }

  /// Whether the request changes nothing.
  public boolean isReading() {
    return verb.equals("get") || verb.equals("list") || verb.equals("watch");
  }

  /// Which objects a list, a watch or the deletion of a collection is about. Conditions that could
  /// not be read are left out: the request then counts as being about more.
  ///
  /// @param fields what the objects' fields must be
  /// @param labels what the objects' labels must be
  public record Selectors(List<FieldSelector.Term> fields, List<Requirement> labels) {

    public static final Selectors NONE = new Selectors(List.of(), List.of());

    public Selectors {
      fields = List.copyOf(fields);
      labels = List.copyOf(labels);
    }

    /// Whether only objects are meant whose field has this value.
    public boolean pins(String field, String value) {
      return fields.contains(new FieldSelector.Term(field, true, value));
    }
  }

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

      /// The resource with its subresource, as rules and messages name it.
      public String resource() {
        return subresource.isEmpty() ? plural : plural + "/" + subresource;
      }

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
