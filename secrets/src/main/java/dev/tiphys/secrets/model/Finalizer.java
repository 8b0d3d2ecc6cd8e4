package dev.tiphys.secrets.model;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;

/// Keeps objects of a resource from going before something is done for them.
///
/// @param name as it stands in their metadata
public record Finalizer(ApiResource resource, String name) {

  public boolean isOn(Struct object) {
    return Meta.of(object).finalizers().contains(name);
  }

  /// Puts it on an object, which is returned as it is then. Costs a patch.
  ///
  /// @throws ApiException a conflict, if the object is not as it was any more
  public Struct add(Api api, Struct object) {
    List<String> finalizers = new ArrayList<>(Meta.of(object).finalizers());
    finalizers.add(name);
    return write(api, object, finalizers);
  }

  /// Takes it off an object that has it, unless that is gone. Costs a patch.
  ///
  /// @throws ApiException a conflict, if the object is not as it was any more
  public void remove(Api api, Struct object) {
    List<String> finalizers = new ArrayList<>(Meta.of(object).finalizers());
    if (!finalizers.remove(name)) {
      return;
    }
    try {
      Struct _ = write(api, object, finalizers);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private Struct write(Api api, Struct object, List<String> finalizers) {
    Meta meta = Meta.of(object);
    Struct metadata =
        Struct.of("finalizers", finalizers, "resourceVersion", meta.resourceVersion());
    return api.patch(
        resource,
        meta.namespace(),
        meta.name(),
        "",
        PatchType.MERGE,
        Struct.of("metadata", metadata));
  }
}
