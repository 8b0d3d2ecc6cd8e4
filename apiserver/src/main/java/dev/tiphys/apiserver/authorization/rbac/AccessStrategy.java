package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;

/// Roles and bindings: none gives away more than its writer has.
///
/// @param plural the resource
/// @param escalation what checks it
public record AccessStrategy(String plural, Escalation escalation) implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct object) {
    check(call, "", object, Struct.EMPTY);
    return object;
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct object, Struct old) {
    if (!essence(object).equals(essence(old))) {
      check(call, object.string("metadata", "name"), object, old);
    }
    return object;
  }

  private void check(Call call, String name, Struct object, Struct old) {
    if (plural.endsWith("bindings")) {
      escalation.checkBinding(call.user(), plural, object);
    } else {
      escalation.checkRole(call.user(), plural, name, object, old);
    }
  }

  /// An object without what the garbage collector changes: it must be able to delete what it may
  /// not give.
  private static Struct essence(Struct object) {
    return object.with(
        "metadata",
        object
            .struct("metadata")
            .without("ownerReferences")
            .without("finalizers")
            .without("managedFields")
            .without("resourceVersion"));
  }
}
