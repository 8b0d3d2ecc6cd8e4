package dev.tiphys.controllers.common;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import org.jspecify.annotations.Nullable;

/// Writes what a controller says of its objects.
///
/// @param api in whose name
/// @param resource what the objects are
public record StatusWriter(Api api, ApiResource resource) {

  /// Writes the status if it differs from what the object has. Throws what the server refused with.
  ///
  /// @return the object as it is now; null if nothing was written, or it is gone
  public @Nullable Struct write(Struct object, Struct status) {
    if (status.equals(object.struct("status"))) {
      return null;
    }
    try {
      return api.update(resource, object.with("status", status), "status");
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
      return null;
    }
  }
}
