package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.admission.AuditNotes;
import dev.tiphys.apiserver.admission.expression.Given;
import dev.tiphys.apiserver.admission.expression.UserAccess;
import dev.tiphys.apiserver.admission.matching.Exempt;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has policies refuse requests. Upstream's plugin ValidatingAdmissionPolicy.
final class ValidatingPolicies implements Admission {

  private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";
  private static final int MOST_FAILURES = 50;
  private static final int LONGEST_ANNOTATION = 10 * 1024;

  private final Policies<ValidatingPolicy> policies;
  private final Authorizer authorizer;
  private final Params params;
  private final AdmissionMetrics metrics;

  ValidatingPolicies(
      Policies<ValidatingPolicy> policies,
      Authorizer authorizer,
      Params params,
      AdmissionMetrics metrics) {
    this.policies = policies;
    this.authorizer = authorizer;
    this.params = params;
    this.metrics = metrics;
  }

  /// What is refused.
  ///
  /// @param who the policy, and the binding if it was come to
  private record Refusal(String who, Decision decision) {}

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    List<Policies.Bound<ValidatingPolicy>> all = policies.current();
    if (all.isEmpty() || Exempt.isBeyondPolicies(request.resource())) {
      return;
    }
    Incoming incoming = new Incoming(request, object, old, params.lookup(), params.forms());
    Selection<ValidatingPolicy> selection =
        Selection.of(all, ValidatingPolicy::common, incoming, params);
    List<Refusal> refusals = new ArrayList<>();
    for (Selection.Failure<ValidatingPolicy> each : selection.failures()) {
      if (!each.policy().common().ignoresFailures()) {
        Decision failed = Decision.failed(0, each.problem(), 0);
        refusals.add(new Refusal(who(each.policy(), each.binding()), failed));
      }
    }
    if (!selection.invocations().isEmpty()) {
      evaluate(incoming, selection.invocations(), refusals);
    }
    if (!refusals.isEmpty()) {
      throw refusal(request, object, old, refusals.getFirst());
    }
  }

  private static String who(ValidatingPolicy policy, @Nullable Binding binding) {
    String name = "ValidatingAdmissionPolicy '" + policy.common().name() + "'";
    return binding == null ? name : name + " with binding '" + binding.name() + "'";
  }

  private void evaluate(
      Incoming incoming, List<Invocation<ValidatingPolicy>> invocations, List<Refusal> refusals) {
    Call call = incoming.request().call();
    UserAccess access = new UserAccess(authorizer, call.user());
    Struct namespace = incoming.namespaceObject();
    Map<String, Set<String>> annotations = new LinkedHashMap<>();
    List<Struct> audited = new ArrayList<>();
    for (Invocation<ValidatingPolicy> each : invocations) {
      Given given = new Given(incoming, each.form(), each.params(), namespace, access);
      Validation validation = Validation.of(each.policy(), given, metrics);
      String who = who(each.policy(), each.binding());
      validation.ignored().forEach(decision -> count(each, decision, "allow"));
      for (Decision decision : validation.decisions()) {
        act(call, each, who, decision, refusals, audited);
      }
      for (Decision decision : validation.unannotated()) {
        refusals.add(new Refusal(who, decision));
        count(each, decision, "deny");
      }
      String prefix = each.policy().common().name() + "/";
      validation
          .annotations()
          .forEach(
              (key, value) ->
                  annotations
                      .computeIfAbsent(prefix + key, _ -> new LinkedHashSet<>())
                      .add(shortened(value)));
    }
    if (!audited.isEmpty()) {
      call.annotate(
          FAILURE, AuditNotes.text(audited.subList(0, Math.min(audited.size(), MOST_FAILURES))));
    }
    annotations.forEach((key, values) -> call.annotate(key, String.join(", ", values)));
  }

  private static String shortened(String value) {
    return value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value;
  }

  private void count(Invocation<ValidatingPolicy> invocation, Decision decision, String action) {
    metrics.check(
        invocation.policy().common().name(),
        invocation.binding().name(),
        action,
        decision.problem(),
        decision.span());
  }

  /// @param audited what the audit log is to say
  private void act(
      Call call,
      Invocation<ValidatingPolicy> invocation,
      String who,
      Decision decision,
      List<Refusal> refusals,
      List<Struct> audited) {
    Binding binding = invocation.binding();
    for (String action : binding.actions()) {
      switch (action) {
        case "Deny" -> refusals.add(new Refusal(who, decision));
        case "Warn" -> call.warn("Validation failed for " + who + ": " + decision.message());
        case "Audit" ->
            audited.add(
                new StructBuilder()
                    .add("message", decision.message())
                    .add("policy", binding.policy())
                    .add("binding", binding.name())
                    .add("expressionIndex", (long) decision.index())
                    .add("validationActions", binding.actions())
                    .build());
        default -> {} // there are no others
      }
      count(invocation, decision, action.toLowerCase(Locale.ROOT));
    }
  }

  private static ApiException refusal(
      Request request, Struct object, @Nullable Struct old, Refusal refusal) {
    String message = refusal.who + " denied request: " + refusal.decision.message();
    Struct named = object.isEmpty() && old != null ? old : object;
    ApiException forbidden = request.forbidden(named, message);
    Reason reason = refusal.decision.reason();
    Struct details =
        forbidden.status().struct("details").with("causes", List.of(Struct.of("message", message)));
    return ApiException.of(reason, forbidden.message(), details);
  }
}
