package dev.tiphys.controllers.common;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;

/// Makes Pods and deletes them, and says so in the owner's events.
///
/// @param api in whose name
/// @param events where it is told
public record PodWriter(Api api, EventRecorder events) {

  /// Creates a Pod of `owner`. Throws what the server refused with.
  ///
  /// @param wanted with a name, or a `generateName`
  public Struct create(Struct owner, Struct wanted) {
    try {
      Struct pod = api.create(ApiResource.PODS, wanted);
      events.normal(owner, "SuccessfulCreate", "Created pod: " + Meta.of(pod).name());
      return pod;
    } catch (ApiException e) {
      // The owner is about to go too: an event would be of no use.
      if (!isNamespaceEnding(e)) {
        events.warning(owner, "FailedCreate", "Error creating: " + e.message());
      }
      throw e;
    }
  }

  /// Deletes a Pod of `owner`. Returns whether it was there. Throws what the server refused with.
  public boolean delete(Struct owner, Struct pod) {
    Meta meta = Meta.of(pod);
    try {
      api.delete(
          ApiResource.PODS, meta.namespace(), meta.name(), DeleteOptions.DEFAULT.ofUid(meta.uid()));
      events.normal(owner, "SuccessfulDelete", "Deleted pod: " + meta.name());
      return true;
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return false;
      }
      events.warning(owner, "FailedDelete", "Error deleting: " + e.message());
      throw e;
    }
  }

  /// Whether something was not created because its namespace is being deleted.
  public static boolean isNamespaceEnding(ApiException refusal) {
    return refusal.status().structs("details", "causes").stream()
        .anyMatch(cause -> cause.string("reason").equals("NamespaceTerminating"));
  }
}
