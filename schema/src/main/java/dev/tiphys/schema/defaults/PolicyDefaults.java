package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.util.List;

/// Defaults of the kinds of permissions and of reachability.
final class PolicyDefaults {

  private static final String RBAC = "rbac.authorization.k8s.io";

  private PolicyDefaults() {}

  static Struct networkPolicy(Struct policy) {
    return Edits.in(policy, "spec", PolicyDefaults::directions);
  }

  private static Struct directions(Struct spec) {
    if (!spec.list("policyTypes").isEmpty()) {
      return spec;
    }
    boolean outwards = !spec.list("egress").isEmpty();
    return spec.with("policyTypes", outwards ? List.of("Ingress", "Egress") : List.of("Ingress"));
  }

  /// Users and groups are no objects; their names belong to the authorizer's group.
  static Struct binding(Struct binding) {
    return Edits.inEach(binding, "subjects", PolicyDefaults::subject);
  }

  private static Struct subject(Struct subject) {
    String kind = subject.string("kind");
    return subject.string("apiGroup").isEmpty() && (kind.equals("User") || kind.equals("Group"))
        ? subject.with("apiGroup", RBAC)
        : subject;
  }
}
