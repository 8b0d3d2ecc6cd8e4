package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.matching.Matcher;
import dev.tiphys.object.Struct;
import java.util.List;

/// Puts a policy to use.
///
/// @param name its own
/// @param policy the name of the policy
/// @param matcher which of the policy's requests it is about
/// @param params where the policy's parameters are; empty if it says nothing of them
/// @param actions what follows if an object is not sound
record Binding(String name, String policy, Matcher matcher, Struct params, List<String> actions) {

  static Binding of(Struct object) {
    Struct spec = object.struct("spec");
    return new Binding(
        object.string("metadata", "name"),
        spec.string("policyName"),
        Matcher.ofResources(spec.struct("matchResources")),
        spec.struct("paramRef"),
        spec.strings("validationActions"));
  }
}
