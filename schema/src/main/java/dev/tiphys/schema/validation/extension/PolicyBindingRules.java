package dev.tiphys.schema.validation.extension;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for what puts admission policies to work.
public final class PolicyBindingRules {

  private static final String EITHER = "name and selector are mutually exclusive";

  private PolicyBindingRules() {}

  public static void validating(FieldValue binding) {
    FieldValue spec = binding.at("spec");
    common(spec);
    actions(spec.at("validationActions"));
  }

  public static void mutating(FieldValue binding) {
    FieldValue spec = binding.at("spec");
    common(spec);
    AdmissionMatchRules.nothingIsDeleted(spec.at("matchResources"));
  }

  private static void common(FieldValue spec) {
    spec.at("policyName").mustBeSetAnd(Formats::dnsSubdomain);
    if (spec.at("paramRef").isSet()) {
      parameters(spec.at("paramRef"));
    }
    AdmissionMatchRules.resourcesOf(spec.at("matchResources"));
  }

  private static void parameters(FieldValue reference) {
    FieldValue name = reference.at("name");
    FieldValue selector = reference.at("selector");
    name.mayBe(Formats::pathSegment);
    boolean both = !name.isEmpty() && selector.isSet();
    if (both) {
      name.forbidden(EITHER);
    }
    SelectorRules.selector(selector);
    if (both) {
      selector.forbidden(EITHER);
    }
    if (name.isEmpty() && !selector.isSet()) {
      reference.required("one of name or selector must be specified");
    }
    reference.at("parameterNotFoundAction").mustBeSetToOneOf(List.of("Deny", "Allow"));
  }

  private static void actions(FieldValue actions) {
    Set<Object> seen = new HashSet<>();
    for (FieldValue action : actions.items()) {
      action.mustBeOneOf(List.of("Audit", "Deny", "Warn"));
      action.mustBeNewIn(seen);
    }
    if (seen.contains("Deny") && seen.contains("Warn")) {
      actions.invalid(
          "must not contain both Deny and Warn (repeating the same validation failure information"
              + " in the API response and headers serves no purpose)");
    }
    actions.mustBeSet("at least one validation action is required");
  }
}
