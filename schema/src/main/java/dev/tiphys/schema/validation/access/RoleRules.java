package dev.tiphys.schema.validation.access;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.List;

/// Rules for roles, and for what binds them to users.
public final class RoleRules {

  private static final String GROUP = "rbac.authorization.k8s.io";

  private RoleRules() {}

  public static void role(FieldValue role) {
    for (FieldValue rule : role.at("rules").items()) {
      rule(rule, true);
    }
  }

  public static void clusterRole(FieldValue role) {
    for (FieldValue rule : role.at("rules").items()) {
      rule(rule, false);
    }
    FieldValue selectors = role.at("aggregationRule", "clusterRoleSelectors");
    if (!role.at("aggregationRule").isSet()) {
      return;
    }
    selectors.mustBeSet("at least one clusterRoleSelector required if aggregationRule is non-nil");
    for (FieldValue selector : selectors.items()) {
      int errors = selector.errors().size();
      SelectorRules.selector(selector);
      if (selector.errors().size() > errors) {
        selector.invalid(null, "invalid label selector.");
      }
    }
  }

  private static void rule(FieldValue rule, boolean namespaced) {
    rule.at("verbs").mustBeSet("verbs must contain at least one value");
    FieldValue paths = rule.at("nonResourceURLs");
    FieldValue groups = rule.at("apiGroups");
    FieldValue resources = rule.at("resources");
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

  public static void binding(FieldValue binding) {
    binding(binding, List.of("Role", "ClusterRole"), true);
  }

  public static void clusterBinding(FieldValue binding) {
    binding(binding, List.of("ClusterRole"), false);
  }

  private static void binding(FieldValue binding, List<String> kinds, boolean namespaced) {
    FieldValue role = binding.at("roleRef");
    role.at("apiGroup").mustBeOneOf(List.of(GROUP));
    role.at("kind").mustBeOneOf(kinds);
    role.at("name").mustBeSetAnd(Formats::pathSegment);
    for (FieldValue subject : binding.at("subjects").items()) {
      subject(subject, namespaced);
    }
  }

  private static void subject(FieldValue subject, boolean namespaced) {
    FieldValue name = subject.at("name");
    FieldValue group = subject.at("apiGroup");
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

  public static void bindingUpdate(FieldValue now, Struct before) {
    binding(now);
    roleStays(now, before);
  }

  public static void clusterBindingUpdate(FieldValue now, Struct before) {
    clusterBinding(now);
    roleStays(now, before);
  }

  private static void roleStays(FieldValue now, Struct before) {
    FieldValue role = now.at("roleRef");
    if (!role.struct().equals(before.struct("roleRef"))) {
      role.invalidText(
          GoText.struct(role.value(), "io.k8s.api.rbac.v1.RoleRef"), "cannot change roleRef");
    }
  }
}
