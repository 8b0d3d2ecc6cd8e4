package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.ResourceNames;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// Rules for ResourceQuotas.
public final class QuotaRules {

  private static final Set<String> POD_SCOPES =
      Set.of(
          "Terminating",
          "NotTerminating",
          "NotBestEffort",
          "PriorityClass",
          "CrossNamespacePodAffinity");
  private static final String BEST_EFFORT = "BestEffort";
  private static final String ATTRIBUTES_CLASS = "VolumeAttributesClass";
  private static final Set<String> EXISTING_SCOPES =
      Set.of(
          BEST_EFFORT,
          "NotBestEffort",
          "Terminating",
          "NotTerminating",
          "CrossNamespacePodAffinity");
  private static final Set<String> POD_RESOURCES =
      Set.of(
          "pods",
          "cpu",
          "memory",
          "limits.cpu",
          "limits.memory",
          "requests.cpu",
          "requests.memory");
  private static final Set<String> CLAIM_RESOURCES =
      Set.of("persistentvolumeclaims", "requests.storage");

  private QuotaRules() {}

  public static void create(FieldValue quota) {
    spec(quota.at("spec"));
    amounts(quota.at("status", "hard"));
    amounts(quota.at("status", "used"));
  }

  public static void update(FieldValue now, Struct before) {
    spec(now.at("spec"));
    FieldValue scopes = now.at("spec", "scopes");
    if (!new HashSet<Object>(scopes.list())
        .equals(new HashSet<Object>(before.list("spec", "scopes")))) {
      scopes.invalid(FieldValue.IMMUTABLE);
    }
  }

  public static void status(FieldValue now, Struct before) {
    if (now.at("metadata", "resourceVersion").isEmpty()) {
      now.at("resourceVersion").required();
    }
    amounts(now.at("status", "hard"));
    amounts(now.at("status", "used"));
  }

  private static void amounts(FieldValue amounts) {
    for (FieldValue amount : amounts.entries()) {
      ResourceNames.inQuota(amount);
      ResourceNames.amount(amount, amount.name());
    }
  }

  private static void spec(FieldValue spec) {
    amounts(spec.at("hard"));
    FieldValue scopes = spec.at("scopes");
    for (Object scope : scopes.list()) {
      scope(scopes, scope.toString(), spec, scopes);
    }
    conflicts(scopes, scopes, Set.copyOf(scopes.list()));
    FieldValue selector = spec.at("scopeSelector").at("matchExpressions");
    Set<Object> selected = new TreeSet<>();
    for (Struct requirement : selector.structs()) {
      requirement(selector, requirement, spec);
      selected.add(requirement.string("scopeName"));
    }
    conflicts(selector, scopes, selected);
  }

  /// A scope that exists, for resources that have it.
  private static void scope(FieldValue where, String scope, FieldValue spec, FieldValue shown) {
    boolean exists =
        POD_SCOPES.contains(scope) || scope.equals(BEST_EFFORT) || scope.equals(ATTRIBUTES_CLASS);
    if (!exists) {
      where.invalid(shown.value(), "unsupported scope");
    }
    for (String resource : spec.at("hard").struct().names()) {
      if (exists && ResourceNames.isQuotaResource(resource) && !has(scope, resource)) {
        where.invalidText(shownText(shown), "unsupported scope applied to resource");
      }
    }
  }

  private static String shownText(FieldValue shown) {
    return shown.value() instanceof Struct
        ? GoText.struct(shown.value(), "io.k8s.api.core.v1.ScopeSelector")
        : GoText.of(shown.value());
  }

  private static boolean has(String scope, String resource) {
    return switch (scope) {
      case BEST_EFFORT -> resource.equals("pods");
      case ATTRIBUTES_CLASS -> CLAIM_RESOURCES.contains(resource);
      default -> POD_RESOURCES.contains(resource);
    };
  }

  private static void conflicts(FieldValue where, FieldValue shown, Set<?> scopes) {
    boolean effort = scopes.contains(BEST_EFFORT) && scopes.contains("NotBestEffort");
    boolean end = scopes.contains("Terminating") && scopes.contains("NotTerminating");
    if (effort) {
      where.invalid(shown.value(), "conflicting scopes");
    }
    if (end) {
      where.invalid(shown.value(), "conflicting scopes");
    }
  }

  /// Upstream's paths leave out which of the requirements is meant.
  private static void requirement(FieldValue selector, Struct requirement, FieldValue spec) {
    FieldValue value = selector.holding(requirement);
    String scope = requirement.string("scopeName");
    FieldValue name = value.at("scopeName");
    if (!POD_SCOPES.contains(scope)
        && !scope.equals(BEST_EFFORT)
        && !scope.equals(ATTRIBUTES_CLASS)) {
      name.invalid(name.string(), "unsupported scope");
    } else {
      scope(selector, scope, spec, spec.at("scopeSelector"));
    }
    FieldValue operator = value.at("operator");
    if (EXISTING_SCOPES.contains(scope) && !operator.is("Exists")) {
      operator.invalid(
          operator.string(),
          "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
              + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
              + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
    }
    FieldValue values = value.at("values");
    switch (operator.string()) {
      case "In", "NotIn" ->
          values.mustBeSet(
              "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          values.invalid(
              "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
        }
      }
      default -> operator.invalid(operator.string(), "not a valid selector operator");
    }
  }
}
