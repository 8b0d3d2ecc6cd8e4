package dev.tiphys.schema.validation.extension;

import dev.tiphys.schema.expressions.AdmissionCompiler;
import dev.tiphys.schema.expressions.Compiled;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for which requests webhooks and admission policies are about.
final class AdmissionMatchRules {

  static final List<String> FAILURE_POLICIES = List.of("Fail", "Ignore");
  static final List<String> MATCH_POLICIES = List.of("Equivalent", "Exact");
  private static final String ALL = "*";
  private static final List<String> OPERATIONS =
      List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
  private static final List<String> SCOPES = List.of("*", "Cluster", "Namespaced");
  private static final int MOST_CONDITIONS = 64;

  private AdmissionMatchRules() {}

  static void rule(FieldValue rule) {
    FieldValue operations = rule.at("operations");
    operations.mustBeSet();
    aloneIfAll(operations, "operations");
    for (FieldValue operation : operations.items()) {
      operation.mustBeOneOf(OPERATIONS);
    }
    FieldValue groups = rule.at("apiGroups");
    groups.mustBeSet();
    aloneIfAll(groups, "API groups");
    FieldValue versions = rule.at("apiVersions");
    versions.mustBeSet();
    aloneIfAll(versions, "API versions");
    for (FieldValue version : versions.items()) {
      version.mustBeSet();
    }
    resources(rule.at("resources"));
    rule.at("scope").mayBeOneOf(SCOPES);
  }

  private static void aloneIfAll(FieldValue list, String others) {
    if (list.list().size() > 1 && list.list().contains(ALL)) {
      list.invalid("if '*' is present, must not specify other " + others);
    }
  }

  /// Resources, and their subresources after a slash.
  private static void resources(FieldValue resources) {
    resources.mustBeSet();
    Set<String> whole = new HashSet<>();
    Set<String> everywhere = new HashSet<>();
    boolean lastIsNamed = false;
    for (FieldValue resource : resources.items()) {
      String text = resource.string();
      int slash = text.indexOf('/');
      if (resource.mustBeSet() && slash < 0) {
        lastIsNamed = !text.equals(ALL); // upstream lets the last one decide
      } else if (slash >= 0) {
        subresource(resource, slash, whole, everywhere);
      }
    }
    List<?> all = resources.list();
    if (all.size() > 1 && all.contains("*/*")) {
      resources.invalid("if '*/*' is present, must not specify other resources");
    }
    if (all.contains(ALL) && lastIsNamed) {
      resources.invalid("if '*' is present, must not specify other resources without subresources");
    }
  }

  private static void subresource(
      FieldValue resource, int slash, Set<String> whole, Set<String> everywhere) {
    String text = resource.string();
    String main = text.substring(0, slash);
    String sub = text.substring(slash + 1);
    if (whole.contains(main)) {
      resource.invalid("if '" + main + "/*' is present, must not specify " + text);
    }
    if (everywhere.contains(sub)) {
      resource.invalid("if '*/" + sub + "' is present, must not specify " + text);
    }
    if (sub.equals(ALL)) {
      whole.add(main);
    }
    if (main.equals(ALL)) {
      everywhere.add(sub);
    }
  }

  /// What a policy is about, or the part of it that a binding takes.
  static void resourcesOf(FieldValue match) {
    if (!match.isSet()) {
      return;
    }
    match.at("matchPolicy").mustBeSetToOneOf(MATCH_POLICIES);
    for (String field : List.of("namespaceSelector", "objectSelector")) {
      FieldValue selector = match.at(field);
      if (selector.isSet()) {
        SelectorRules.selector(selector);
      } else {
        selector.required();
      }
    }
    match.at("resourceRules").items().forEach(AdmissionMatchRules::namedRule);
    match.at("excludeResourceRules").items().forEach(AdmissionMatchRules::namedRule);
  }

  private static void namedRule(FieldValue rule) {
    Set<Object> names = new HashSet<>();
    for (FieldValue name : rule.at("resourceNames").items()) {
      name.mustBe(Formats::pathSegment);
      name.mustBeNewIn(names);
    }
    rule(rule);
  }

  /// What cannot be changed on its way in is not asked about. Upstream does not tell which rule.
  static void nothingIsDeleted(FieldValue match) {
    for (FieldValue rule : match.at("resourceRules").items()) {
      for (Object operation : rule.at("operations").list()) {
        match
            .at("resourceRules", "operations")
            .holding(operation)
            .mustBeOneOf(List.of("*", "CONNECT", "CREATE", "UPDATE"));
      }
    }
  }

  /// Refuses an expression that does not compile.
  static void compiles(FieldValue expression, Compiled compiled) {
    if (!compiled.problem().isEmpty()) {
      expression.invalid(compiled.problem());
    }
  }

  /// @param compiler of the webhook or policy that has them
  static void conditions(FieldValue conditions, AdmissionCompiler compiler) {
    Set<Object> names = new HashSet<>();
    conditions.mustHaveAtMost(MOST_CONDITIONS);
    for (FieldValue condition : conditions.items()) {
      FieldValue expression = condition.at("expression");
      if (expression.string().isBlank()) {
        expression.required();
      } else {
        compiles(expression, compiler.condition(expression.string()));
      }
      FieldValue name = condition.at("name");
      name.mustBeSetAnd(Formats::labelKey);
      if (!name.isEmpty()) {
        name.mustBeNewIn(names);
      }
    }
  }
}
