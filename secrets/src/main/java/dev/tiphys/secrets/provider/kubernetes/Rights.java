package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.List;

/// What credentials may do, as the cluster itself says.
final class Rights {

  private static final ApiResource RULES =
      review("selfsubjectrulesreviews", "SelfSubjectRulesReview");
  private static final ApiResource ACCESS =
      review("selfsubjectaccessreviews", "SelfSubjectAccessReview");

  private Rights() {}

  private static ApiResource review(String plural, String kind) {
    return new ApiResource(GroupVersion.parse("authorization.k8s.io/v1"), plural, kind, false);
  }

  /// Whether they may read Secrets of a namespace: a rule says so, or the cluster if it is asked,
  /// since not every way to give rights can list them.
  static boolean mayRead(Api api, String namespace) {
    Struct rules = api.create(RULES, review(RULES, Struct.of("namespace", namespace)));
    for (Struct rule : rules.structs("status", "resourceRules")) {
      List<String> groups = rule.strings("apiGroups");
      if (has(rule.strings("resources"), "secrets")
          && has(rule.strings("verbs"), "get")
          && (groups.isEmpty() || has(groups, ""))) {
        return true;
      }
    }
    Struct attributes = Struct.of("resource", "secrets", "namespace", namespace, "verb", "get");
    return api.create(ACCESS, review(ACCESS, Struct.of("resourceAttributes", attributes)))
        .bool("status", "allowed");
  }

  private static boolean has(List<String> all, String one) {
    return all.contains(one) || all.contains("*");
  }

  private static Struct review(ApiResource kind, Struct spec) {
    return Struct.of("apiVersion", kind.apiVersion(), "kind", kind.kind(), "spec", spec);
  }
}
