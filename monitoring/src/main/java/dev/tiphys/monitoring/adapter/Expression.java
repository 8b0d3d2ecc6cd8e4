package dev.tiphys.monitoring.adapter;

import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.template.TemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Builds what Prometheus is asked for the values of a metric.
final class Expression {

  private final List<String> matchers = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();

  private Expression() {}

  /// @throws IllegalArgumentException if the selector says what PromQL cannot
  static Expression selecting(LabelSelector selector) {
    Expression expression = new Expression();
    for (Requirement each : selector.requirements()) {
      expression.require(each);
    }
    return expression;
  }

  private void require(Requirement requirement) {
    String joined = String.join("|", new TreeSet<>(requirement.values()));
    boolean one = requirement.values().size() == 1;
    String operator =
        switch (requirement.operator()) {
          case IN -> one ? "=" : "=~";
          case NOT_IN -> one ? "!=" : "!~";
          case EXISTS -> "!=";
          case DOES_NOT_EXIST -> "=";
          case GREATER_THAN, LESS_THAN ->
              throw new IllegalArgumentException(
                  "operator not supported by prometheus, query can't be matched");
        };
    match(requirement.key(), operator, joined);
  }

  /// The objects must be in a namespace.
  ///
  /// @param label that names namespaces
  Expression in(String label, String namespace) {
    match(label, "=", namespace);
    return this;
  }

  /// They must be some of these.
  Expression named(String label, List<String> names) {
    match(label, names.size() > 1 ? "=~" : "=", String.join("|", names));
    return this;
  }

  private void match(String label, String operator, String value) {
    matchers.add(label + operator + Json.text(value));
    values.put(label, value);
  }

  /// @param groupBy the labels that tell one value from another; empty for one value
  /// @throws IllegalArgumentException if the rule's template makes nothing of it
  String of(Rule rule, String series, List<String> groupBy) {
    String text;
    try {
      text =
          rule.query()
              .execute(
                  Map.of(
                      "Series", series,
                      "LabelMatchers", String.join(",", matchers),
                      "LabelValuesByName", values,
                      "GroupBy", String.join(",", groupBy),
                      "GroupBySlice", groupBy));
    } catch (TemplateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty query produced by metrics query template");
    }
    return text;
  }
}
