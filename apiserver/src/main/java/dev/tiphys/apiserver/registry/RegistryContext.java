package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// What the operations on one resource work with.
///
/// @param resource in the version that is stored
/// @param storage where its objects are
/// @param strategy what is special to its kind
/// @param admission what may change or refuse what is written
/// @param world time and chance
/// @param emptyStatus the status of an object that has not been reported on yet; null if the kind
///   has none
record RegistryContext(
    Resource resource,
    Storage storage,
    Strategy strategy,
    Admission admission,
    World world,
    @Nullable Object emptyStatus) {

  static RegistryContext of(
      Resource resource, Storage storage, Strategy strategy, Admission admission, World world) {
    Object empty = resource.schema().normalize(Struct.EMPTY).get("status");
    return new RegistryContext(resource, storage, strategy, admission, world, empty);
  }

  /// What may change or refuse what a call writes.
  Admission admission(Call call) {
    return call.isAdmitted() ? Admission.NONE : admission;
  }

  /// The object with its status cleared.
  Struct withoutStatus(Struct object) {
    return emptyStatus == null ? object.without("status") : object.with("status", emptyStatus);
  }

  /// The object with the status of another state of it.
  Struct withStatusOf(Struct object, Struct other) {
    Object status = other.get("status");
    return status == null ? object.without("status") : object.with("status", status);
  }

  ApiException notFound(String name) {
    return ApiException.notFound(resource.groupResource(), name);
  }

  ApiException conflict(String name, String cause) {
    return ApiException.conflict(resource.groupResource(), name, cause);
  }

  static boolean isSet(@Nullable Object value) {
    return value != null && value != Null.NULL;
  }
}
