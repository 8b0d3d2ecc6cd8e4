package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.Compiled;
import java.util.List;

/// A policy that changes objects, compiled.
///
/// @param common what all policies have
/// @param mutations in their order
record MutatingPolicy(Policy common, List<Mutation> mutations) {

  /// One change.
  ///
  /// @param applies whether its expression makes what is to be applied, not a JSON patch
  record Mutation(Compiled expression, boolean applies) {}

  static MutatingPolicy of(Struct object) {
    Policy common = Policy.of(object);
    return new MutatingPolicy(
        common,
        common.spec().structs("mutations").stream().map(each -> mutation(common, each)).toList());
  }

  private static Mutation mutation(Policy common, Struct mutation) {
    return mutation.string("patchType").equals("JSONPatch")
        ? new Mutation(common.compiler().patch(mutation.string("jsonPatch", "expression")), false)
        : new Mutation(
            common.compiler().application(mutation.string("applyConfiguration", "expression")),
            true);
  }

  /// Whether it is evaluated again when others have changed the object.
  boolean isReinvoked() {
    return common.spec().string("reinvocationPolicy").equals("IfNeeded");
  }
}
