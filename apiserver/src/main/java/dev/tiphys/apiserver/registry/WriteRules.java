package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.function.UnaryOperator;

/// The rules that a writer's objects are held to: those of the stored version, unless the version
/// that the writer speaks is stricter.
///
/// @param resource the resource in the version whose rules these are
/// @param form from the stored version to that one
public record WriteRules(Resource resource, UnaryOperator<Struct> form) {

  /// The rules of the version that is stored.
  public static WriteRules of(Resource stored) {
    return new WriteRules(stored, UnaryOperator.identity());
  }

  FieldErrors create(Struct object) {
    return Validation.create(resource, form.apply(object));
  }

  FieldErrors update(Struct object, Struct old) {
    return Validation.update(resource, form.apply(object), form.apply(old));
  }
}
