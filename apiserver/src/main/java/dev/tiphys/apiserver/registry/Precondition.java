package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.Resource;

/// What upstream says of preconditions that do not hold.
public final class Precondition {

  private Precondition() {}

  /// The object does not have the uid that its writer expects.
  ///
  /// @param key where upstream's store has it
  public static String uid(String key, String expected, String found) {
    return "StorageError: invalid object, Code: 4, Key: "
        + key
        + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: "
        + expected
        + ", UID in object meta: "
        + found;
  }

  /// Refuses a deletion that is meant for another object, or another state of it.
  public static void check(Resource resource, DeleteRequest deletion, Struct object) {
    Meta meta = Meta.of(object);
    if (!deletion.uid().isEmpty() && !deletion.uid().equals(meta.uid())) {
      throw conflict(
          resource,
          meta,
          "the UID in the precondition ("
              + deletion.uid()
              + ") does not match the UID in record ("
              + meta.uid()
              + "). The object might have been deleted and then recreated");
    }
    if (!deletion.resourceVersion().isEmpty()
        && !deletion.resourceVersion().equals(meta.resourceVersion())) {
      throw conflict(
          resource,
          meta,
          "the ResourceVersion in the precondition ("
              + deletion.resourceVersion()
              + ") does not match the ResourceVersion in record ("
              + meta.resourceVersion()
              + "). The object might have been modified");
    }
  }

  /// A conflict as upstream words it for deletions: with the kind in place of the resource.
  private static ApiException conflict(Resource resource, Meta meta, String cause) {
    return ApiException.conflict(resource.groupKind().toString(), meta.name(), cause);
  }
}
