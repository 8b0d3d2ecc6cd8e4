package dev.tiphys.schema.expressions;

/// Tells expressions what users may do.
///
/// Threads: any.
@FunctionalInterface
public interface Access {

  /// @param account `namespace:name` of the service account that is asked about; empty for the user
  ///   of the request
  /// @param path one outside resources; empty if it is about a resource
  /// @param resource that it is about; its version is any
  /// @param verb what is to be done
  record Question(String account, String path, Resource resource, String verb) {}

  /// @param fields as a field selector; empty for none
  /// @param labels as a label selector; empty for none
  record Resource(
      String group,
      String plural,
      String subresource,
      String namespace,
      String name,
      String fields,
      String labels) {

    static final Resource NONE = new Resource("", "", "", "", "", "", "");

    /// A resource that a request is about.
    public static Resource of(
        String group, String plural, String subresource, String namespace, String name) {
      return new Resource(group, plural, subresource, namespace, name, "", "");
    }
  }

  /// @param error what kept it from being decided; empty if nothing did
  record Answer(boolean allowed, String reason, String error) {}

  Answer ask(Question question);
}
