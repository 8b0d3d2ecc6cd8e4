package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.registry.Registry;
import java.util.function.Function;

/// The policies that take part in admission.
///
/// Threads: any.
public final class AdmissionPolicies {

  private final Admission mutating;
  private final Admission validating;
  private final Admission rights;

  /// @param authorizer what their expressions ask
  /// @param registries of policies and their bindings, by their plurals; asked once there is a
  ///   request
  /// @param metrics which are told of each evaluation
  public AdmissionPolicies(
      Authorizer authorizer,
      Lookup lookup,
      Forms forms,
      Function<String, Registry> registries,
      AdmissionMetrics metrics) {
    Params params = new Params(lookup, forms);
    rights = new ParamRights(authorizer, lookup, forms);
    mutating =
        new MutatingPolicies(
            new Policies<>(
                () -> registries.apply("mutatingadmissionpolicies"),
                () -> registries.apply("mutatingadmissionpolicybindings"),
                MutatingPolicy::of),
            authorizer,
            params,
            metrics);
    validating =
        new ValidatingPolicies(
            new Policies<>(
                () -> registries.apply("validatingadmissionpolicies"),
                () -> registries.apply("validatingadmissionpolicybindings"),
                ValidatingPolicy::of),
            authorizer,
            params,
            metrics);
  }

  /// Those that change objects.
  public Admission mutating() {
    return mutating;
  }

  /// What keeps users from reading parameters by way of a policy.
  public Admission rights() {
    return rights;
  }

  /// Those that refuse requests.
  public Admission validating() {
    return validating;
  }
}
