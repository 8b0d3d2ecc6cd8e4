package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rules for how the Pods of one maker are spread over zones or nodes.
final class SpreadRules {

  private static final List<String> ACTIONS = List.of("DoNotSchedule", "ScheduleAnyway");
  private static final List<String> INCLUSION = List.of("Honor", "Ignore");

  private SpreadRules() {}

  static void constraints(FieldValue constraints) {
    Map<String, Integer> last = new HashMap<>();
    int count = 0;
    for (FieldValue constraint : constraints.items()) {
      last.put(pair(constraint), count++);
    }
    int index = 0;
    for (FieldValue constraint : constraints.items()) {
      boolean repeated = last.getOrDefault(pair(constraint), index) > index;
      constraint(constraint, repeated);
      index++;
    }
  }

  private static String pair(FieldValue constraint) {
    return "{"
        + constraint.at("topologyKey").string()
        + ", "
        + constraint.at("whenUnsatisfiable").string()
        + "}";
  }

  private static void constraint(FieldValue constraint, boolean repeated) {
    positive(constraint.at("maxSkew"));
    constraint.at("topologyKey").mustBeSet("can not be empty");
    FieldValue action = constraint.at("whenUnsatisfiable");
    action.mustBeOneOf(ACTIONS);
    if (repeated) {
      constraint.at("{topologyKey, whenUnsatisfiable}").holding(pair(constraint)).duplicate();
    }
    FieldValue domains = constraint.at("minDomains");
    if (domains.isSet()) {
      positive(domains);
      if (!action.is("DoNotSchedule")) {
        domains.invalid(
            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action.string());
      }
    }
    constraint.at("nodeAffinityPolicy").mayBeOneOf(INCLUSION);
    constraint.at("nodeTaintsPolicy").mayBeOneOf(INCLUSION);
    SelectorRules.mergedKeys(constraint);
    SelectorRules.selector(constraint.at("labelSelector"));
  }

  private static void positive(FieldValue number) {
    if (number.integer() <= 0) {
      number.invalid(number.integer(), "must be greater than zero");
    }
  }
}
