package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import java.util.Locale;

/// What `/metrics` tells of pod security, under upstream's names.
///
/// Threads: any.
public final class PodSecurityMetrics {

  private final CounterFamily evaluations =
      new CounterFamily(
          "pod_security_evaluations_total",
          "Evaluations of what Pods may do, without requests that are exempt.",
          "decision",
          "mode",
          "policy_level",
          "policy_version",
          "request_operation",
          "resource",
          "subresource");
  private final CounterFamily exemptions =
      new CounterFamily(
          "pod_security_exemptions_total",
          "Requests that are exempt.",
          "request_operation",
          "resource",
          "subresource");
  private final CounterFamily errors =
      new CounterFamily(
          "pod_security_errors_total",
          "What kept a request from being evaluated, or had it evaluated by the strictest level.",
          "fatal",
          "request_operation",
          "resource",
          "subresource");

  /// A Pod, or the template of one, was held to a level.
  ///
  /// @param mode `enforce`, `audit` or `warn`
  void evaluated(Admission.Request request, LevelVersion level, String mode, boolean allowed) {
    evaluations.count(
        allowed ? "allow" : "deny",
        mode,
        level.level().toString(),
        level.versionLabel(),
        operation(request),
        resource(request),
        request.subresource());
  }

  void exempt(Admission.Request request) {
    exemptions.count(operation(request), resource(request), request.subresource());
  }

  /// @param fatal whether nothing was evaluated
  void failed(Admission.Request request, boolean fatal) {
    errors.count(
        Boolean.toString(fatal), operation(request), resource(request), request.subresource());
  }

  private static String operation(Admission.Request request) {
    return request.operation().name().toLowerCase(Locale.ROOT);
  }

  private static String resource(Admission.Request request) {
    return switch (request.resource().groupResource()) {
      case "pods" -> "pod";
      case "namespaces" -> "namespace";
      default -> "controller";
    };
  }

  /// Writes all of it.
  public void write(Exposition out) {
    evaluations.write(out);
    exemptions.write(out);
    errors.write(out);
  }
}
