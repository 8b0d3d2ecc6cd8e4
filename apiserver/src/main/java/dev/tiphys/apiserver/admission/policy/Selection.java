package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which policies are to be evaluated for a request, and what kept others from it.
///
/// @param <P> a compiled policy
final class Selection<P> {

  private final List<Invocation<P>> invocations = new ArrayList<>();
  private final List<Failure<P>> failures = new ArrayList<>();

  /// A policy that could not be evaluated.
  ///
  /// @param binding null if it was not come to
  record Failure<P>(P policy, @Nullable Binding binding, String problem) {}

  /// @param common what a compiled policy has in common with all others
  static <P> Selection<P> of(
      List<Policies.Bound<P>> all, Function<P, Policy> common, Incoming incoming, Params params) {
    Selection<P> selection = new Selection<>();
    for (Policies.Bound<P> each : all) {
      selection.add(each, common.apply(each.policy()), incoming, params);
    }
    return selection;
  }

  private void add(Policies.Bound<P> bound, Policy policy, Incoming incoming, Params params) {
    Form form;
    try {
      form = policy.matcher().match(incoming);
    } catch (ApiException e) {
      fail(bound.policy(), null, e.message());
      return;
    }
    if (form == null) {
      return;
    }
    for (Binding binding : bound.bindings()) {
      try {
        if (binding.matcher().match(incoming) == null) {
          continue;
        }
        List<Optional<Struct>> found =
            params.of(policy.spec(), binding.params(), incoming.namespace());
        for (Optional<Struct> each : found) {
          invocations.add(new Invocation<>(bound.policy(), binding, form, each.orElse(null)));
        }
      } catch (ApiException e) {
        fail(bound.policy(), binding, e.message());
      } catch (Params.MissingException e) {
        fail(bound.policy(), binding, e.text());
      }
    }
  }

  private void fail(P policy, @Nullable Binding binding, String problem) {
    String what = binding == null ? "policy" : "binding";
    failures.add(new Failure<>(policy, binding, "failed to configure " + what + ": " + problem));
  }

  List<Invocation<P>> invocations() {
    return invocations;
  }

  List<Failure<P>> failures() {
    return failures;
  }
}
