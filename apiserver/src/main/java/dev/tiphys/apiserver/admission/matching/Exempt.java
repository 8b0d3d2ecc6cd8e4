package dev.tiphys.apiserver.admission.matching;

import dev.tiphys.schema.Resource;
import java.util.Set;

/// What webhooks and policies are never asked about.
public final class Exempt {

  private static final Set<String> CONFIGURATIONS =
      Set.of(
          "validatingwebhookconfigurations",
          "mutatingwebhookconfigurations",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings",
          "mutatingadmissionpolicies",
          "mutatingadmissionpolicybindings");

  private static final Set<String> REVIEWS =
      Set.of(
          "selfsubjectreviews.authentication.k8s.io",
          "tokenreviews.authentication.k8s.io",
          "localsubjectaccessreviews.authorization.k8s.io",
          "selfsubjectaccessreviews.authorization.k8s.io",
          "selfsubjectrulesreviews.authorization.k8s.io",
          "subjectaccessreviews.authorization.k8s.io");

  private Exempt() {}

  /// Whether a resource configures admission itself: one that locks everything out can still be
  /// taken away.
  public static boolean isConfiguration(Resource resource) {
    return resource.group().equals("admissionregistration.k8s.io")
        && CONFIGURATIONS.contains(resource.plural());
  }

  /// Whether policies have no say in a resource.
  public static boolean isBeyondPolicies(Resource resource) {
    return isConfiguration(resource) || REVIEWS.contains(resource.groupResource());
  }
}
