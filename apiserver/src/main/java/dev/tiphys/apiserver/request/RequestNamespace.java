package dev.tiphys.apiserver.request;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.Resource;

/// The namespace of a new object: that of the request's path.
public final class RequestNamespace {

  private RequestNamespace() {}

  /// An object in the namespace of the path that it was sent to, or in none if its kind has none.
  ///
  /// @param namespace of the path; empty if it has none
  /// @throws ApiException `BAD_REQUEST` if the object says that it is in another one
  public static Struct of(Resource resource, Struct object, String namespace) {
    String named = object.string("metadata", "namespace");
    if (!resource.namespaced()) {
      return named.isEmpty() ? object : object.withoutAt("metadata", "namespace");
    }
    if (named.isEmpty()) {
      return object.withAt(namespace, "metadata", "namespace");
    }
    if (!named.equals(namespace)) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    return object;
  }
}
