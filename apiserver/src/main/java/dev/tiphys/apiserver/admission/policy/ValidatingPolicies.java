package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.Admission;
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
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has policies refuse requests. Upstream's plugin ValidatingAdmissionPolicy.
final class ValidatingPolicies implements Admission {

  private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";
  private static final int LONGEST_ANNOTATION = 10 * 1024;

  private final Policies<ValidatingPolicy> policies;
  private final Authorizer authorizer;
  private final Params params;

  ValidatingPolicies(Policies<ValidatingPolicy> policies, Authorizer authorizer, Params params) {
    this.policies = policies;
    this.authorizer = authorizer;
    this.params = params;
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
        Decision failed = Decision.failed(0, each.problem());
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
    for (Invocation<ValidatingPolicy> each : invocations) {
      Given given = new Given(incoming, each.form(), each.params(), namespace, access);
      Validation validation = Validation.of(each.policy(), given);
      String who = who(each.policy(), each.binding());
      validation.decisions().forEach(decision -> act(call, each, who, decision, refusals));
      validation.unannotated().forEach(decision -> refusals.add(new Refusal(who, decision)));
      String prefix = each.policy().common().name() + "/";
      validation
          .annotations()
          .forEach(
              (key, value) ->
                  annotations
                      .computeIfAbsent(prefix + key, _ -> new LinkedHashSet<>())
                      .add(shortened(value)));
    }
    annotations.forEach((key, values) -> call.annotate(key, String.join(", ", values)));
  }

  private static String shortened(String value) {
    return value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value;
  }

  private static void act(
      Call call,
      Invocation<ValidatingPolicy> invocation,
      String who,
      Decision decision,
      List<Refusal> refusals) {
    Binding binding = invocation.binding();
    for (String action : binding.actions()) {
      switch (action) {
        case "Deny" -> refusals.add(new Refusal(who, decision));
        case "Warn" -> call.warn("Validation failed for " + who + ": " + decision.message());
        case "Audit" -> {
          Struct failure =
              new StructBuilder()
                  .add("message", decision.message())
                  .add("policy", binding.policy())
                  .add("binding", binding.name())
                  .add("expressionIndex", (long) decision.index())
                  .add("validationActions", binding.actions())
                  .build();
          call.annotate(FAILURE, Json.text(List.of(failure)));
        }
        default -> {} // there are no others
      }
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
