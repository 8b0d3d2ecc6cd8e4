package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.expression.Conditions;
import dev.tiphys.apiserver.admission.matching.Matcher;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.AdmissionCompiler;

/// What validating and mutating policies have in common, compiled.
///
/// @param name its own
/// @param spec as its object has it
/// @param matcher which requests it is about
/// @param compiler of its expressions
/// @param conditions under which it is about a request
record Policy(
    String name, Struct spec, Matcher matcher, AdmissionCompiler compiler, Conditions conditions) {

  static Policy of(Struct object) {
    Struct spec = object.struct("spec");
    AdmissionCompiler compiler = AdmissionCompiler.ofPolicy(spec);
    return new Policy(
        object.string("metadata", "name"),
        spec,
        Matcher.ofResources(spec.struct("matchConstraints")),
        compiler,
        Conditions.of(spec, compiler));
  }

  boolean ignoresFailures() {
    return spec.string("failurePolicy").equals("Ignore");
  }
}
