package dev.tiphys.schema.validation;

import java.util.List;

/// Rules for where a Pod may run: tolerations, and affinity to nodes and to other Pods.
public final class SchedulingRules {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  public static final List<String> TAINT_EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final List<String> OPERATORS = List.of("Equal", "Exists");
  private static final List<String> ALL_OPERATORS = List.of("Equal", "Exists", "Lt", "Gt");

  private SchedulingRules() {}

  public static void tolerations(FieldValue tolerations) {
    for (FieldValue toleration : tolerations.items()) {
      toleration(toleration);
    }
  }

  private static void toleration(FieldValue toleration) {
    FieldValue key = toleration.at("key");
    FieldValue operator = toleration.at("operator");
    FieldValue effect = toleration.at("effect");
    key.mayBe(Formats::labelKey);
    if (key.isEmpty() && !operator.is("Exists")) {
      operator.invalid(
          operator.string(),
          "operator must be Exists when `key` is empty, which means \"match all values and all"
              + " keys\"");
    }
    if (toleration.at("tolerationSeconds").isSet() && !effect.is("NoExecute")) {
      effect.invalid(effect.string(), "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    value(operator, toleration.at("value").string());
    if (!effect.isEmpty()) {
      effect.mustBeOneOf(TAINT_EFFECTS);
    }
  }

  /// Upstream's errors about the value are told of the operator.
  private static void value(FieldValue operator, String value) {
    switch (operator.string()) {
      case "Equal", "" -> {
        List<String> problems = Formats.labelValue(value);
        if (!problems.isEmpty()) {
          operator.invalid(value, String.join(";", problems));
        }
      }
      case "Exists" -> {
        if (!value.isEmpty()) {
          operator.invalid(value, "value must be empty when `operator` is 'Exists'");
        }
      }
      case "Lt", "Gt" -> operator.notSupported(ALL_OPERATORS);
      default -> operator.notSupported(OPERATORS);
    }
  }

  public static void affinity(FieldValue affinity) {
    if (!affinity.isSet()) {
      return;
    }
    FieldValue nodes = affinity.at("nodeAffinity");
    if (nodes.at(REQUIRED).isSet()) {
      nodeSelector(nodes.at(REQUIRED));
    }
    for (FieldValue term : nodes.at(PREFERRED).items()) {
      weight(term.at("weight"));
      nodeSelectorTerm(term.at("preference"), false);
    }
    pods(affinity.at("podAffinity"));
    pods(affinity.at("podAntiAffinity"));
  }

  private static void weight(FieldValue weight) {
    if (weight.integer() <= 0 || weight.integer() > 100) {
      weight.invalid(weight.integer(), "must be in the range 1-100");
    }
  }

  public static void nodeSelector(FieldValue selector) {
    FieldValue terms = selector.at("nodeSelectorTerms");
    terms.mustBeSet("must have at least one node selector term");
    for (FieldValue term : terms.items()) {
      nodeSelectorTerm(term, true);
    }
  }

  private static void nodeSelectorTerm(FieldValue term, boolean checksValues) {
    for (FieldValue requirement : term.at("matchExpressions").items()) {
      nodeLabel(requirement, checksValues);
    }
    for (FieldValue requirement : term.at("matchFields").items()) {
      nodeField(requirement);
    }
  }

  private static void nodeLabel(FieldValue requirement, boolean checksValues) {
    FieldValue values = requirement.at("values");
    switch (requirement.at("operator").string()) {
      case "In", "NotIn" ->
          values.mustBeSet("must be specified when `operator` is 'In' or 'NotIn'");
      case "Exists", "DoesNotExist" ->
          values.mustNotBeSet("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      case "Gt", "Lt" -> {
        if (values.list().size() != 1) {
          values.required("must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
      }
      default -> badOperator(requirement);
    }
    requirement.at("key").mustBe(Formats::labelKey);
    if (checksValues) {
      for (FieldValue value : values.items()) {
        value.mustBe(Formats::labelValue);
      }
    }
  }

  private static void badOperator(FieldValue requirement) {
    FieldValue operator = requirement.at("operator");
    operator.invalid(operator.string(), "not a valid selector operator");
  }

  private static void nodeField(FieldValue requirement) {
    FieldValue values = requirement.at("values");
    switch (requirement.at("operator").string()) {
      case "In", "NotIn" -> {
        if (values.list().size() != 1) {
          values.required(
              "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
      }
      default -> badOperator(requirement);
    }
    FieldValue key = requirement.at("key");
    if (!key.is("metadata.name")) {
      key.invalid(key.string(), "not a valid field selector key");
      return;
    }
    for (FieldValue value : values.items()) {
      value.mustBe(Formats::dnsSubdomain);
    }
  }

  private static void pods(FieldValue affinity) {
    for (FieldValue term : affinity.at(REQUIRED).items()) {
      podTerm(term);
    }
    for (FieldValue term : affinity.at(PREFERRED).items()) {
      weight(term.at("weight"));
      podTerm(term.at("podAffinityTerm"));
    }
  }

  private static void podTerm(FieldValue term) {
    SelectorRules.selector(term.at("labelSelector"));
    SelectorRules.selector(term.at("namespaceSelector"));
    for (FieldValue namespace : term.at("namespaces").items()) {
      term.at("namespace").holding(namespace.value()).mustBe(Formats::dnsLabel);
    }
    SelectorRules.mergedKeys(term);
    FieldValue key = term.at("topologyKey");
    key.mustBeSet("can not be empty");
    key.mustBe(Formats::labelKey);
  }
}
