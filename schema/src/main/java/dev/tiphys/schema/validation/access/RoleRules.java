package dev.tiphys.schema.validation.access;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.Place;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.List;

/// Rules for roles, and for what binds them to users.
public final class RoleRules {

  private static final String GROUP = "rbac.authorization.k8s.io";

  private RoleRules() {}

  public static void role(Place role) {
    for (Place rule : role.at("rules").items()) {
      rule(rule, true);
    }
  }

  public static void clusterRole(Place role) {
    for (Place rule : role.at("rules").items()) {
      rule(rule, false);
    }
    Place selectors = role.at("aggregationRule", "clusterRoleSelectors");
    if (!role.at("aggregationRule").isSet()) {
      return;
    }
    selectors.mustBeSet("at least one clusterRoleSelector required if aggregationRule is non-nil");
    for (Place selector : selectors.items()) {
      int errors = selector.errors().size();
      SelectorRules.selector(selector);
      if (selector.errors().size() > errors) {
        selector.invalid(null, "invalid label selector.");
      }
    }
  }

  private static void rule(Place rule, boolean namespaced) {
    rule.at("verbs").mustBeSet("verbs must contain at least one value");
    Place paths = rule.at("nonResourceURLs");
    Place groups = rule.at("apiGroups");
    Place resources = rule.at("resources");
    if (paths.isEmpty()) {
      groups.mustBeSet("resource rules must supply at least one api group");
      resources.mustBeSet("resource rules must supply at least one resource");
      return;
    }
    if (namespaced) {
      paths.invalid("namespaced rules cannot apply to non-resource URLs");
    }
    if (!groups.isEmpty() || !resources.isEmpty() || !rule.at("resourceNames").isEmpty()) {
      paths.invalid("rules cannot apply to both regular resources and non-resource URLs");
    }
  }

  public static void binding(Place binding) {
    binding(binding, List.of("Role", "ClusterRole"), true);
  }

  public static void clusterBinding(Place binding) {
    binding(binding, List.of("ClusterRole"), false);
  }

  private static void binding(Place binding, List<String> kinds, boolean namespaced) {
    Place role = binding.at("roleRef");
    role.at("apiGroup").mustBeOneOf(List.of(GROUP));
    role.at("kind").mustBeOneOf(kinds);
    role.at("name").mustBeSetAnd(Formats::pathSegment);
    for (Place subject : binding.at("subjects").items()) {
      subject(subject, namespaced);
    }
  }

  private static void subject(Place subject, boolean namespaced) {
    Place name = subject.at("name");
    Place group = subject.at("apiGroup");
    name.mustBeSet();
    switch (subject.at("kind").string()) {
      case "ServiceAccount" -> {
        name.mayBe(Formats::dnsSubdomain);
        if (!group.isEmpty()) {
          group.notSupported(List.of(""));
        }
        if (!namespaced) {
          subject.at("namespace").mustBeSet();
        }
      }
      case "User", "Group" -> group.mustBeOneOf(List.of(GROUP));
      default -> subject.at("kind").notSupported(List.of("ServiceAccount", "User", "Group"));
    }
  }

  public static void bindingUpdate(Place now, Struct before) {
    binding(now);
    roleStays(now, before);
  }

  public static void clusterBindingUpdate(Place now, Struct before) {
    clusterBinding(now);
    roleStays(now, before);
  }

  private static void roleStays(Place now, Struct before) {
    Place role = now.at("roleRef");
    if (!role.struct().equals(before.struct("roleRef"))) {
      role.invalidText(
          GoText.struct(role.value(), "io.k8s.api.rbac.v1.RoleRef"), "cannot change roleRef");
    }
  }
}
