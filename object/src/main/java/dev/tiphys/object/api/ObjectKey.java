package dev.tiphys.object.api;

import dev.tiphys.object.Struct;

/// Which object of a resource is meant.
///
/// @param namespace its namespace; empty for objects of the whole cluster
/// @param name its name
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

  public static ObjectKey of(Struct object) {
    Struct metadata = object.struct("metadata");
    return new ObjectKey(metadata.string("namespace"), metadata.string("name"));
  }

  /// The key written as `namespace/name`, or `name`.
  public static ObjectKey parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ObjectKey("", text)
        : new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /// `namespace/name`, or `name`.
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
