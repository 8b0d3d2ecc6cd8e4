package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;

/// Refusals of objects that break a rule: 422, with the path of every offending field.
public final class Invalid {

  private Invalid() {}

  /// Throws if there are errors.
  public static void check(Resource resource, Struct object, FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw refusal(kindOf(resource), object.string("metadata", "name"), errors);
    }
  }

  /// The refusal that lists these errors.
  public static ApiException refusal(GroupKind kind, String name, FieldErrors errors) {
    Struct details =
        new StructBuilder()
            .addUnlessEmpty("name", name)
            .addUnlessEmpty("group", kind.group())
            .addUnlessEmpty("kind", kind.kind())
            .addUnlessEmpty("causes", errors.causes())
            .build();
    return ApiException.of(
        Reason.INVALID, kind + " \"" + name + "\" is invalid: " + errors.message(), details);
  }

  /// An object is refused as what it is stored as: events, which two groups serve, as the older
  /// group's.
  private static GroupKind kindOf(Resource resource) {
    Resource.Storage storage = resource.storage();
    return storage == null
        ? resource.groupKind()
        : new GroupKind(storage.groupVersion().group(), resource.kind());
  }

  /// The refusal of an update without a version, in which upstream calls the resource a kind.
  static ApiException noVersion(Resource resource, String name) {
    FieldErrors errors = new FieldErrors();
    errors.add(
        new FieldError(
            FieldError.Type.INVALID,
            "metadata.resourceVersion",
            "0",
            "must be specified for an update"));
    return refusal(new GroupKind(resource.groupVersion().group(), resource.plural()), name, errors);
  }
}
