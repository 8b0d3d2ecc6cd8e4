package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cluster's API, for one caller: reads, writes and watches objects in its name.
///
/// Objects are whole trees, with apiVersion and kind. What was written is returned as it is stored.
///
/// A write tells the server what made the caller write: the revision in [Cause], where a reconcile
/// loop puts the one that it reacts to.
///
/// **Errors.** Every method throws an [ApiException] when the server refuses, with upstream's
/// reason and message; and one of reason `SERVICE_UNAVAILABLE` when it can't be reached.
///
/// **Threads.** Any. Calls wait for the answer.
public interface Api {

  /// One object.
  ///
  /// @param namespace empty for resources of the whole cluster; so in all methods
  default Struct get(ApiResource resource, String namespace, String name) {
    return get(resource, namespace, name, "");
  }

  /// One object, or what a subresource shows of it.
  ///
  /// @param subresource such as `scale` or `status`; empty for the object itself; so in all methods
  default Struct get(ApiResource resource, String namespace, String name, String subresource) {
    return get(resource, namespace, name, subresource, Map.of());
  }

  /// What a subresource shows of one object, asked for more closely.
  ///
  /// @param query parameters for another server that serves the group; this one has none
  Struct get(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query);

  /// One object, or null if it does not exist.
  default @Nullable Struct find(ApiResource resource, String namespace, String name) {
    try {
      return get(resource, namespace, name);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return null;
      }
      throw e;
    }
  }

  /// The same API for callers that need no more of objects than their metadata, at least in what is
  /// read, watched and deleted: custom objects may be in any version then, so that no webhook has
  /// to convert them.
  default Api ofMetadata() {
    return this;
  }

  /// The same API for a caller that writes as another manager of fields.
  default Api managing(String manager) {
    return this;
  }

  /// The objects of one namespace, or of all if `namespace` is empty.
  ObjectList list(ApiResource resource, String namespace, ListOptions options);

  /// What happens to the objects of one namespace, or of all if `namespace` is empty.
  WatchStream watch(ApiResource resource, String namespace, WatchOptions options);

  /// Creates an object in the namespace it names.
  Struct create(ApiResource resource, Struct object);

  /// Replaces an object. With a resourceVersion in it, only that state is replaced.
  default Struct update(ApiResource resource, Struct object) {
    return update(resource, object, "");
  }

  /// Replaces an object, or what a subresource shows of it.
  Struct update(ApiResource resource, Struct object, String subresource);

  /// Patches an object, or what a subresource shows of it. One that is applied is made if there is
  /// none, and takes what other managers own.
  ///
  /// @param patch a struct, or for [PatchType#JSON] a list of operations
  Struct patch(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      Object patch);

  /// Creates what a subresource of an object takes: a Binding, an Eviction, a TokenRequest.
  Struct createSubresource(
      ApiResource resource, String namespace, String name, String subresource, Struct object);

  /// Deletes an object. Returns it if it lives on for a while, or the Status of its end.
  Struct delete(ApiResource resource, String namespace, String name, DeleteOptions options);

  /// Deletes the objects of a namespace that the options select.
  void deleteCollection(
      ApiResource resource, String namespace, ListOptions which, DeleteOptions options);

  /// What is served, as far as that can be known.
  ServedResources discover();

  /// What a version of a group looks like: its OpenAPI document, of OpenAPI's version 3.
  ///
  /// @throws ApiException `NOT_FOUND` if there is none
  Struct describe(GroupVersion version);
}
