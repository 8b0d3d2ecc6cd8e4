package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.admission.expression.Conditions.Asking;
import dev.tiphys.apiserver.admission.expression.Conditions.Match;
import dev.tiphys.apiserver.admission.expression.Evaluation;
import dev.tiphys.apiserver.admission.expression.Given;
import dev.tiphys.apiserver.admission.expression.OutOfBudgetException;
import dev.tiphys.apiserver.admission.expression.UserAccess;
import dev.tiphys.apiserver.admission.matching.Exempt;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.admission.policy.MutatingPolicy.Mutation;
import dev.tiphys.apiserver.admission.policy.Patching.UnfitException;
import dev.tiphys.apiserver.admission.policy.Selection.Failure;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.DecodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has policies change objects, one after the other. Upstream's plugin MutatingAdmissionPolicy.
///
/// Those that want it are evaluated again if another one, a webhook or a plugin has changed the
/// object since.
final class MutatingPolicies implements Admission {

  private final Policies<MutatingPolicy> policies;
  private final Authorizer authorizer;
  private final Params params;
  private final AdmissionMetrics metrics;

  MutatingPolicies(
      Policies<MutatingPolicy> policies,
      Authorizer authorizer,
      Params params,
      AdmissionMetrics metrics) {
    this.policies = policies;
    this.authorizer = authorizer;
    this.params = params;
    this.metrics = metrics;
  }

  /// What is remembered of a request.
  private static final class Evaluated {
    private final Set<String> eligible = new HashSet<>();
    private final Set<String> again = new HashSet<>();
    private @Nullable Struct left;

    void changed() {
      again.addAll(eligible);
      eligible.clear();
    }
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    List<Policies.Bound<MutatingPolicy>> all = policies.current();
    if (all.isEmpty()
        || request.operation() == Operation.DELETE
        || Exempt.isBeyondPolicies(request.resource())) {
      return object;
    }
    Evaluated evaluated = request.reinvocation().state(Evaluated.class, Evaluated::new);
    if (request.reinvocation().isBegun() && !object.equals(evaluated.left)) {
      evaluated.changed();
    }
    Incoming incoming = new Incoming(request, object, old, params.lookup(), params.forms());
    Selection<MutatingPolicy> selection =
        Selection.of(all, MutatingPolicy::common, incoming, params);
    List<Failure<MutatingPolicy>> failures = new ArrayList<>(selection.failures());
    if (!selection.invocations().isEmpty()) {
      evaluate(incoming, selection.invocations(), evaluated, failures);
    }
    failures.removeIf(each -> each.policy().common().ignoresFailures());
    if (!failures.isEmpty()) {
      throw refusal(request, object, failures);
    }
    Struct result = incoming.result();
    evaluated.left = result;
    return result;
  }

  private void evaluate(
      Incoming incoming,
      List<Invocation<MutatingPolicy>> invocations,
      Evaluated evaluated,
      List<Failure<MutatingPolicy>> failures) {
    Request request = incoming.request();
    UserAccess access = new UserAccess(authorizer, request.call().user());
    Struct namespace = incoming.namespaceObject();
    for (Invocation<MutatingPolicy> each : invocations) {
      MutatingPolicy policy = each.policy();
      String id = id(each);
      if (request.reinvocation().isBegun() && !evaluated.again.contains(id)) {
        continue;
      }
      Given given = new Given(incoming, each.form(), each.params(), namespace, access);
      switch (policy
          .common()
          .conditions()
          .match(given, new Asking(metrics, "policy", policy.common().name(), "validate"))) {
        case Match.No() -> {
          continue;
        }
        case Match.Unknown(String error) -> {
          failures.add(new Failure<>(policy, each.binding(), error));
          continue;
        }
        case Match.Yes() -> {}
      }
      boolean changed = false;
      for (Mutation mutation : policy.mutations()) {
        long begun = metrics.nanoTime();
        String problem = "";
        try {
          changed |= changes(policy, mutation, given);
        } catch (UnfitException e) {
          problem = e.text();
          failures.add(new Failure<>(policy, each.binding(), problem));
        }
        metrics.mutation(
            policy.common().name(), each.binding().name(), problem, metrics.nanoTime() - begun);
      }
      if (changed) {
        evaluated.changed();
        request.reinvocation().want();
      }
      if (policy.isReinvoked()) {
        evaluated.eligible.add(id);
      }
    }
  }

  private static String id(Invocation<MutatingPolicy> invocation) {
    Struct params = invocation.params();
    String with =
        params == null
            ? ""
            : params.string("metadata", "namespace") + "/" + params.string("metadata", "name");
    return invocation.policy().common().name() + "/" + invocation.binding().name() + "/" + with;
  }

  /// Evaluates a mutation. Returns whether it has changed the object.
  private static boolean changes(MutatingPolicy policy, Mutation mutation, Given given)
      throws UnfitException {
    if (!mutation.expression().problem().isEmpty()) {
      throw new UnfitException(mutation.expression().problem());
    }
    Incoming incoming = given.incoming();
    Struct object = incoming.object(given.form());
    if (object == null) {
      return false;
    }
    Evaluation evaluation =
        new Evaluation(given, policy.common().compiler(), true, Evaluation.BUDGET);
    try {
      Struct next =
          switch (evaluation.evaluate(mutation.expression())) {
            case Evaluation.Failed(String problem) -> throw new UnfitException(problem);
            case Evaluation.Value(Object value) ->
                mutation.applies()
                    ? Patching.applied(object, value, given.form().merging())
                    : Patching.patched(object, value);
          };
      return incoming.replace(next, given.form());
    } catch (OutOfBudgetException e) {
      throw new UnfitException(e.text());
    } catch (DecodingException e) {
      throw ApiException.internal(String.valueOf(e.getMessage()));
    }
  }

  private static ApiException refusal(
      Request request, Struct object, List<Failure<MutatingPolicy>> failures) {
    List<Object> causes = new ArrayList<>();
    failures.forEach(each -> causes.add(Struct.of("message", text(each))));
    Struct details =
        request.forbidden(object, "").status().struct("details").with("causes", causes);
    // upstream's reason is that of a bad object, its code that of a forbidden one
    Failure<MutatingPolicy> first = failures.getFirst();
    ApiException forbidden = ApiException.of(Reason.FORBIDDEN, text(first), details);
    boolean configured = first.problem().startsWith("failed to configure ");
    return configured
        ? forbidden
        : ApiException.from(
            forbidden.status().with("reason", Reason.INVALID.word()), forbidden.code());
  }

  private static String text(Failure<MutatingPolicy> failure) {
    String name = failure.policy().common().name();
    Binding binding = failure.binding();
    return binding == null
        ? "policy \"" + name + "\" denied request: " + failure.problem()
        : "policy '"
            + name
            + "' with binding '"
            + binding.name()
            + "' denied request: "
            + failure.problem();
  }
}
