package dev.tiphys.schema.rules;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.MetaRules;
import dev.tiphys.schema.validation.NameForm;
import dev.tiphys.schema.validation.custom.ScaleRules;
import dev.tiphys.schema.validation.network.ServiceAddressRules;

/// Tells what is wrong with an object before it is written.
///
/// Objects are normalized, have their defaults, and have been through the mutating part of
/// admission. On updates the fields that the writer may not touch have already been put back (the
/// status by way of the main resource, the rest by way of the status), and what upstream's server
/// fills in from the stored object has been filled in (uid, creation time, resourceVersion).
///
/// Threads: any.
public final class Validation {

  private Validation() {}

  /// What is wrong with a new object.
  public static FieldErrors create(Resource resource, Struct object) {
    FieldErrors errors = new FieldErrors();
    FieldValue value = FieldValue.top(errors, object);
    Kinds.of(resource.schema()).create(value, resource.namespaced());
    scale(errors, resource, object, true);
    return errors;
  }

  /// What is wrong with an object of a kind that is only sent to a subresource: Scale, Binding,
  /// TokenRequest.
  public static FieldErrors request(Type type, Struct object) {
    FieldErrors errors = new FieldErrors();
    Kinds.of(type).create(FieldValue.top(errors, object), true);
    return errors;
  }

  /// What is wrong with the addresses of a Service, as far as that can be said before it is given
  /// those that it lacks.
  public static FieldErrors serviceAddresses(Struct service) {
    FieldErrors errors = new FieldErrors();
    ServiceAddressRules.clusterIps(FieldValue.top(errors, service).at("spec"), Struct.EMPTY);
    return errors;
  }

  /// What is wrong with an update of an object.
  ///
  /// @param now the object to be written
  /// @param before the object it replaces
  public static FieldErrors update(Resource resource, Struct now, Struct before) {
    FieldErrors errors = new FieldErrors();
    FieldValue value = checkedMetadata(errors, resource, now, before);
    Kinds.of(resource.schema()).update(value, before, resource.namespaced());
    scale(errors, resource, now, true);
    return errors;
  }

  /// What is wrong with an update of an object's status.
  public static FieldErrors statusUpdate(Resource resource, Struct now, Struct before) {
    return subresourceUpdate(resource, "status", now, before);
  }

  /// What is wrong with an update of an object by way of a subresource that takes whole objects:
  /// `status`, `finalize`, `approval`, `ephemeralcontainers`, `resize`.
  public static FieldErrors subresourceUpdate(
      Resource resource, String subresource, Struct now, Struct before) {
    FieldErrors errors = new FieldErrors();
    FieldValue value = checkedMetadata(errors, resource, now, before);
    Kinds.of(resource.schema()).update(subresource, value, before);
    scale(errors, resource, now, false);
    return errors;
  }

  /// Where a custom object tells its scale is said by its definition, beside the schema.
  private static void scale(FieldErrors errors, Resource resource, Struct object, boolean wholly) {
    Resource.Scale scale = resource.scale();
    if (scale != null && resource.schema() instanceof StructuralSchema) {
      ScaleRules.check(errors, object, scale, wholly);
    }
  }

  /// The rules for metadata that hold on every update.
  private static FieldValue checkedMetadata(
      FieldErrors errors, Resource resource, Struct now, Struct before) {
    FieldValue value = FieldValue.top(errors, now);
    FieldValue metadata = value.at("metadata");
    MetaRules.object(metadata, resource.namespaced(), NameForm.PATH_SEGMENT);
    MetaRules.update(metadata, before.struct("metadata"));
    return value;
  }
}
