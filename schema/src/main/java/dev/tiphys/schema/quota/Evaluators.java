package dev.tiphys.schema.quota;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known of each resource.
public final class Evaluators {

  /// Resources that are of no quota: what is not stored, and events.
  private static final Set<String> IGNORED =
      Set.of(
          "bindings",
          "componentstatuses",
          "tokenreviews.authentication.k8s.io",
          "selfsubjectreviews.authentication.k8s.io",
          "subjectaccessreviews.authorization.k8s.io",
          "selfsubjectaccessreviews.authorization.k8s.io",
          "localsubjectaccessreviews.authorization.k8s.io",
          "selfsubjectrulesreviews.authorization.k8s.io",
          "events",
          "events.events.k8s.io");

  private static final Map<String, Evaluator> SPECIAL =
      Map.of(
          "pods", new PodEvaluator(),
          "services", new ServiceEvaluator(),
          "persistentvolumeclaims", new ClaimEvaluator(),
          "resourceclaims.resource.k8s.io", new DeviceClaimEvaluator());

  /// Resources that are counted under their own name too.
  private static final Set<String> NAMED =
      Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");

  private static final String COUNT = "count/";

  private Evaluators() {}

  /// Whether objects of a resource are never counted.
  public static boolean ignores(String groupResource) {
    return IGNORED.contains(groupResource);
  }

  /// The evaluator of a resource.
  ///
  /// @param groupResource its name, as in `deployments.apps`
  public static Evaluator of(String groupResource) {
    Evaluator special = SPECIAL.get(groupResource);
    if (special != null) {
      return special;
    }
    String counted = countName(groupResource);
    return new CountEvaluator(
        NAMED.contains(groupResource) ? List.of(groupResource, counted) : List.of(counted));
  }

  static String countName(String groupResource) {
    return COUNT + groupResource;
  }

  /// The resources whose objects count for a name of a quota; none if it means nothing.
  public static List<String> resourcesOf(String name) {
    if (name.startsWith(COUNT)) {
      String groupResource = name.substring(COUNT.length());
      return ignores(groupResource) ? List.of() : List.of(groupResource);
    }
    if (NAMED.contains(name)) {
      return List.of(name);
    }
    return SPECIAL.entrySet().stream()
        .filter(each -> !each.getValue().matching(List.of(name)).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }
}
