package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.registry.Endpoint;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.Reason;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.patch.JsonPatch;
import dev.tiphys.object.patch.MergePatch;
import dev.tiphys.object.patch.PatchException;
import dev.tiphys.object.patch.StrategicMergePatch;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;

/// Applies patches to objects, in the version that the patch was written for.
public final class Patches {

  private static final int MOST_OPERATIONS = 10_000;

  private Patches() {}

  /// The stored object after the patch, in the stored version.
  public static Struct apply(
      Call call,
      Endpoint endpoint,
      Struct stored,
      PatchType patchType,
      Object patch,
      FieldValidation validation) {
    Struct served = endpoint.conversion().toServed(stored);
    Struct patched = apply(served, patchType, patch, endpoint.served().type());
    Struct object =
        Decoding.patched(
            call,
            patched,
            endpoint.served(),
            validation.new Findings(),
            text -> refusal(patchType == PatchType.STRATEGIC ? patch : patched, text));
    return endpoint.conversion().toStored(object);
  }

  /// The refusal of a patch that makes no object of the kind.
  ///
  /// @param shown what of it is shown
  public static ApiException refusal(Object shown, String text) {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(FieldError.Type.INVALID, "patch", Json.text(Json.text(shown)), text));
    return Invalid.refusal(new GroupKind("", ""), "", errors);
  }

  /// A patched object that is written whatever state there is, unless the patch itself names one.
  public static Struct unversioned(Struct patched, Object patch) {
    boolean versioned = patch instanceof Struct struct && struct.has("metadata", "resourceVersion");
    return versioned ? patched : patched.withoutAt("metadata", "resourceVersion");
  }

  /// A tree after the patch.
  public static Struct apply(Struct target, PatchType patchType, Object patch, Type type) {
    try {
      return switch (patchType) {
        case JSON -> structOf(JsonPatch.apply(target, limited(patch)));
        case MERGE -> MergePatch.apply(target, structOf(patch));
        case STRATEGIC -> StrategicMergePatch.apply(target, structOf(patch), type);
        case APPLY ->
            throw ApiException.of(
                Reason.UNSUPPORTED_MEDIA_TYPE, "server-side apply is not served yet");
      };
    } catch (PatchException e) {
      throw refusal(e);
    }
  }

  private static Object limited(Object patch) {
    if (patch instanceof List<?> operations && operations.size() > MOST_OPERATIONS) {
      throw ApiException.of(
          Reason.REQUEST_ENTITY_TOO_LARGE,
          "The allowed maximum operations in a JSON patch is "
              + MOST_OPERATIONS
              + ", got "
              + operations.size());
    }
    return patch;
  }

  private static Struct structOf(Object tree) {
    if (tree instanceof Struct struct) {
      return struct;
    }
    throw ApiException.badRequest("error decoding patch: not an object");
  }

  private static ApiException refusal(PatchException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.reason()) {
      case MALFORMED -> ApiException.badRequest(message);
      case DOES_NOT_APPLY -> // upstream says no more than this, and kubectl shows it as it is
          ApiException.ofServer(
              Reason.INVALID, "the server rejected our request due to an error in our request");
    };
  }
}
