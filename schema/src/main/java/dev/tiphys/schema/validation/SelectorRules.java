package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.HashSet;
import java.util.Set;

/// Rules for labels and for what selects by them.
public final class SelectorRules {

  public static final String TYPE = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector";

  private SelectorRules() {}

  /// A map of labels. Errors are told of the map, not of the entry.
  public static void labels(FieldValue labels) {
    for (FieldValue label : labels.entries()) {
      for (String problem : Formats.labelKey(label.name())) {
        labels.invalid(label.name(), problem);
      }
      for (String problem : Formats.labelValue(label.string())) {
        labels.invalid(label.string(), problem);
      }
    }
  }

  /// A label selector; one that is missing is fine.
  public static void selector(FieldValue selector) {
    if (!selector.isSet()) {
      return;
    }
    labels(selector.at("matchLabels"));
    for (FieldValue requirement : selector.at("matchExpressions").items()) {
      requirement(requirement);
    }
  }

  private static void requirement(FieldValue requirement) {
    if (!values(requirement)) {
      FieldValue operator = requirement.at("operator");
      operator.invalid(operator.string(), "not a valid selector operator");
    }
    keyAndValues(requirement);
  }

  /// Values are there if the operator wants some. Returns whether the operator is known.
  public static boolean values(FieldValue requirement) {
    FieldValue values = requirement.at("values");
    switch (requirement.at("operator").string()) {
      case "In", "NotIn" ->
          values.mustBeSet("must be specified when `operator` is 'In' or 'NotIn'");
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  public static void keyAndValues(FieldValue requirement) {
    requirement.at("key").mustBe(Formats::labelKey);
    for (FieldValue value : requirement.at("values").items()) {
      value.mustBe(Formats::labelValue);
    }
  }

  /// The template of an object must carry the labels its maker looks for.
  public static boolean isMatchedBy(Struct selector, Struct labels) {
    try {
      return LabelSelector.from(selector).matches(labels);
    } catch (IllegalArgumentException e) {
      return true; // the operator that does not exist is told elsewhere
    }
  }

  /// The keys of labels whose values a Pod takes over into a selector.
  public static void mergedKeys(FieldValue term) {
    keys(term.at("matchLabelKeys"), term.at("labelSelector"));
    keys(term.at("mismatchLabelKeys"), term.at("labelSelector"));
    if (term.at("labelSelector").isSet()) {
      merged(term);
    }
    for (FieldValue key : term.at("matchLabelKeys").items()) {
      if (term.at("mismatchLabelKeys").list().contains(key.string())) {
        key.invalid("exists in both matchLabelKeys and mismatchLabelKeys");
      }
    }
  }

  private static void keys(FieldValue keys, FieldValue selector) {
    if (!keys.isEmpty() && !selector.isSet()) {
      keys.forbidden("must not be specified when labelSelector is not set");
      return;
    }
    for (FieldValue key : keys.items()) {
      key.mustBe(Formats::labelKey);
    }
  }

  /// A key stands in the selector once because it was merged into it; twice, a client wrote it.
  private static void merged(FieldValue term) {
    FieldValue selector = term.at("labelSelector");
    Set<String> seen = new HashSet<>(selector.struct().struct("matchLabels").names());
    for (Struct expression : selector.struct().structs("matchExpressions")) {
      String key = expression.string("key");
      int index = term.at("matchLabelKeys").list().lastIndexOf(key);
      if (!seen.add(key) && index >= 0) {
        term.shownAt(index).invalid(key, "exists in both matchLabelKeys and labelSelector");
      }
    }
  }
}
