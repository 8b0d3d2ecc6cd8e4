package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.Locale;

/// What has a say in requests says of itself. None of these objects has a namespace; their samples
/// have an empty label for it all the same, as upstream's have.
final class AdmissionFamilies {

  private AdmissionFamilies() {}

  private static KindFamilies.Builder table(String kind) {
    String name = kind.toLowerCase(Locale.ROOT);
    String plural = name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
    return KindFamilies.Builder.namespaced(
        "kube_" + name,
        new ApiResource(GroupVersion.parse("admissionregistration.k8s.io/v1"), plural, kind, false),
        name);
  }

  /// @param kind `MutatingWebhookConfiguration` or `ValidatingWebhookConfiguration`
  static KindFamilies webhooks(String kind) {
    return table(kind)
        .gauge("_info", "Webhooks that are asked.", Rule.info())
        .created()
        .version()
        .gauge(
            "_webhook_clientconfig_service",
            "A webhook, and the Service that answers.",
            (object, out) -> {
              for (Struct hook : object.structs("webhooks")) {
                Struct service = hook.struct("clientConfig", "service");
                out.add(
                    1,
                    "webhook_name",
                    hook.string("name"),
                    "service_name",
                    service.string("name"),
                    "service_namespace",
                    service.string("namespace"));
              }
            })
        .build();
  }

  static KindFamilies mutatingPolicies() {
    return table("MutatingAdmissionPolicy")
        .gauge(
            "_info",
            "A policy that changes objects.",
            Rule.info(
                "param_api_version",
                "spec.paramKind.apiVersion",
                "param_kind",
                "spec.paramKind.kind",
                "failure_policy",
                "spec.failurePolicy",
                "reinvocation_policy",
                "spec.reinvocationPolicy"))
        .created()
        .build();
  }

  static KindFamilies validatingPolicies() {
    return table("ValidatingAdmissionPolicy")
        .gauge(
            "_info",
            "A policy that refuses objects.",
            Rule.info(
                "param_api_version",
                "spec.paramKind.apiVersion",
                "param_kind",
                "spec.paramKind.kind",
                "failure_policy",
                "spec.failurePolicy"))
        .created()
        .build();
  }

  private static KindFamilies.Builder bindings(String kind) {
    return table(kind)
        .gauge(
            "_info",
            "A policy in force.",
            Rule.info(
                "policy_name",
                "spec.policyName",
                "param_name",
                "spec.paramRef.name",
                "param_namespace",
                "spec.paramRef.namespace",
                "param_not_found_action",
                "spec.paramRef.parameterNotFoundAction"))
        .created();
  }

  static KindFamilies mutatingBindings() {
    return bindings("MutatingAdmissionPolicyBinding").build();
  }

  static KindFamilies validatingBindings() {
    return bindings("ValidatingAdmissionPolicyBinding")
        .gauge(
            "_validation_action",
            "What becomes of what a policy refuses.",
            Rule.each("action", "spec", "validationActions"))
        .build();
  }
}
