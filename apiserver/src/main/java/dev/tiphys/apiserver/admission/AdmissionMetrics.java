package dev.tiphys.apiserver.admission;

import dev.tiphys.apiserver.admission.podsecurity.PodSecurityMetrics;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.world.World;

/// What `/metrics` tells of admission, under upstream's names.
///
/// Threads: any.
public final class AdmissionMetrics {

  private static final String PREFIX = "apiserver_admission_";
  private static final double[] PLUGIN_BOUNDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};
  private static final double[] WEBHOOK_BOUNDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};
  private static final double[] CONDITION_BOUNDS = {0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25};
  private static final double[] CHECK_BOUNDS = {0.0000005, 0.001, 0.01, 0.1, 1};

  /// Codes above are told as this one.
  private static final int HIGHEST_CODE = 600;

  private final HistogramFamily plugins =
      new HistogramFamily(
          PREFIX + "controller_admission_duration_seconds",
          "How long admission plugins took.",
          PLUGIN_BOUNDS,
          "name",
          "operation",
          "rejected",
          "type");
  private final HistogramFamily steps =
      new HistogramFamily(
          PREFIX + "step_admission_duration_seconds",
          "How long all admission plugins took together.",
          PLUGIN_BOUNDS,
          "operation",
          "rejected",
          "type");
  private final HistogramFamily webhooks =
      new HistogramFamily(
          PREFIX + "webhook_admission_duration_seconds",
          "How long admission webhooks took.",
          WEBHOOK_BOUNDS,
          "name",
          "operation",
          "rejected",
          "type");
  private final CounterFamily webhookRequests =
      new CounterFamily(
          PREFIX + "webhook_request_total",
          "Calls of admission webhooks, by what they were answered.",
          "code",
          "name",
          "operation",
          "rejected",
          "type");
  private final CounterFamily webhookRejections =
      new CounterFamily(
          PREFIX + "webhook_rejection_count",
          "Requests that admission webhooks refused, or that failed with them.",
          "error_type",
          "name",
          "operation",
          "rejection_code",
          "type");
  private final CounterFamily webhooksOpen =
      new CounterFamily(
          PREFIX + "webhook_fail_open_count",
          "Failed calls of admission webhooks whose failures are ignored.",
          "name",
          "type");
  private final HistogramFamily conditions =
      new HistogramFamily(
          PREFIX + "match_condition_evaluation_seconds",
          "How long the match conditions of webhooks and policies took.",
          CONDITION_BOUNDS,
          "kind",
          "name",
          "operation",
          "type");
  private final CounterFamily conditionErrors =
      new CounterFamily(
          PREFIX + "match_condition_evaluation_errors_total",
          "Match conditions that could not be evaluated.",
          "kind",
          "name",
          "operation",
          "type");
  private final CounterFamily conditionExclusions =
      new CounterFamily(
          PREFIX + "match_condition_exclusions_total",
          "Webhooks that were not asked as their match conditions do not hold.",
          "kind",
          "name",
          "operation",
          "type");
  private final CounterFamily checks =
      new CounterFamily(
          "apiserver_validating_admission_policy_check_total",
          "What validating admission policies objected to or failed on, by what was done then.",
          "enforcement_action",
          "error_type",
          "policy",
          "policy_binding");
  private final HistogramFamily checkTimes =
      new HistogramFamily(
          "apiserver_validating_admission_policy_check_duration_seconds",
          "How long the expressions that were counted took.",
          CHECK_BOUNDS,
          "enforcement_action",
          "error_type",
          "policy",
          "policy_binding");
  private final CounterFamily mutations =
      new CounterFamily(
          "apiserver_mutating_admission_policy_check_total",
          "Mutations of mutating admission policies.",
          "error_type",
          "policy",
          "policy_binding");
  private final HistogramFamily mutationTimes =
      new HistogramFamily(
          "apiserver_mutating_admission_policy_check_duration_seconds",
          "How long the mutations that were counted took.",
          CHECK_BOUNDS,
          "error_type",
          "policy",
          "policy_binding");

  private final World world;
  private final PodSecurityMetrics podSecurity = new PodSecurityMetrics();

  public AdmissionMetrics(World world) {
    this.world = world;
  }

  /// The world's monotonic clock, by which everything here is measured.
  public long nanoTime() {
    return world.nanoTime();
  }

  /// Where the times of a plugin go; of all plugins together if `plugin` is empty.
  ///
  /// @param type `admit` or `validate`
  Histogram times(String plugin, Admission.Operation operation, boolean rejected, String type) {
    String refused = Boolean.toString(rejected);
    return plugin.isEmpty()
        ? steps.of(operation.name(), refused, type)
        : plugins.of(plugin, operation.name(), refused, type);
  }

  /// A webhook was asked.
  ///
  /// @param type `admit` or `validating`
  /// @param code of its answer; 0 for none that could be used
  /// @param span how long it took, in nanoseconds
  public void webhook(
      String name, String operation, String type, int code, boolean rejected, long span) {
    String refused = Boolean.toString(rejected);
    webhookRequests.count(code(code), name, operation, refused, type);
    webhooks.of(name, operation, refused, type).record(span);
  }

  /// A request was refused for what a webhook said, or did not say.
  ///
  /// @param error `no_error`, `calling_webhook_error` or `apiserver_internal_error`
  public void webhookRejection(String name, String operation, String type, String error, int code) {
    webhookRejections.count(error, name, operation, code(code), type);
  }

  private static String code(int code) {
    return Integer.toString(Math.min(code, HIGHEST_CODE));
  }

  /// The failure of a webhook was ignored.
  public void webhookFailedOpen(String name, String type) {
    webhooksOpen.count(name, type);
  }

  /// The match conditions of a webhook or policy were evaluated.
  ///
  /// @param kind `webhook` or `policy`
  /// @param errors how many of them could not be
  /// @param span how long it took, in nanoseconds
  public void conditions(
      String kind, String name, String operation, String type, int errors, long span) {
    conditions.of(kind, name, operation, type).record(span);
    for (int i = 0; i < errors; i++) {
      conditionErrors.count(kind, name, operation, type);
    }
  }

  /// A webhook is not asked, as its match conditions do not hold.
  public void excluded(String name, String operation, String type) {
    conditionExclusions.count("webhook", name, operation, type);
  }

  /// A validating policy objected to something, or failed.
  ///
  /// @param action `allow`, `deny`, `audit` or `warn`
  /// @param problem why it failed; empty if it did not
  /// @param span how long the expression took, in nanoseconds
  public void check(String policy, String binding, String action, String problem, long span) {
    String error = errorType(problem);
    checks.count(action, error, policy, binding);
    checkTimes.of(action, error, policy, binding).record(span);
  }

  /// A mutating policy changed something, or failed.
  ///
  /// @param problem why it failed; empty if it did not
  /// @param span how long the mutation took, in nanoseconds
  public void mutation(String policy, String binding, String problem, long span) {
    String error = errorType(problem);
    mutations.count(error, policy, binding);
    mutationTimes.of(error, policy, binding).record(span);
  }

  private static String errorType(String problem) {
    if (problem.isEmpty()) {
      return "no_error";
    }
    if (problem.startsWith("compilation")) {
      return "compile_error";
    }
    return problem.startsWith("validation failed due to running out of cost budget")
        ? "out_of_budget"
        : "invalid_error";
  }

  /// What is told of pod security.
  PodSecurityMetrics podSecurity() {
    return podSecurity;
  }

  /// Writes all of it.
  public void write(Exposition out) {
    plugins.write(out);
    steps.write(out);
    webhooks.write(out);
    webhookRequests.write(out);
    webhookRejections.write(out);
    webhooksOpen.write(out);
    conditions.write(out);
    conditionErrors.write(out);
    conditionExclusions.write(out);
    checks.write(out);
    checkTimes.write(out);
    mutations.write(out);
    mutationTimes.write(out);
    podSecurity.write(out);
  }
}
