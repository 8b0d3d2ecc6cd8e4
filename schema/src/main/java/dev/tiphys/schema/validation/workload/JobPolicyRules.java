package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Rules for what a Job says about which Pods count as failed, and how many must succeed.
final class JobPolicyRules {

  private static final int MOST_RULES = 20;
  private static final int MOST_EXIT_CODES = 255;
  private static final int MOST_CONDITIONS = 20;
  private static final int LONGEST_INDEXES = 65_536;

  private JobPolicyRules() {}

  static void failure(FieldValue spec) {
    FieldValue rules = spec.at("podFailurePolicy", "rules");
    rules.mustHaveAtMost(MOST_RULES);
    if (rules.isEmpty()) {
      return;
    }
    Struct pod = spec.struct().struct("template", "spec");
    Set<String> containers = new HashSet<>();
    pod.structs("containers").forEach(container -> containers.add(container.string("name")));
    pod.structs("initContainers").forEach(container -> containers.add(container.string("name")));
    for (FieldValue rule : rules.items()) {
      FieldValue action = rule.at("action");
      if (!action.is("FailIndex")) {
        choice(action, List.of("Count", "FailIndex", "FailJob", "Ignore"));
      } else if (!spec.at("backoffLimitPerIndex").isSet()) {
        action.invalid("requires the backoffLimitPerIndex to be set");
      }
      FieldValue codes = rule.at("onExitCodes");
      FieldValue conditions = rule.at("onPodConditions");
      if (codes.isSet()) {
        exitCodes(codes, containers);
      }
      conditions(conditions);
      if (codes.isSet() && !conditions.isEmpty()) {
        rule.invalidUnshown("specifying both OnExitCodes and OnPodConditions is not supported");
      }
      if (!codes.isSet() && conditions.isEmpty()) {
        rule.invalidUnshown("specifying one of OnExitCodes and OnPodConditions is required");
      }
    }
  }

  /// One of these values, which the message lists even if there is none.
  private static void choice(FieldValue field, List<String> values) {
    String list = values.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
    if (field.mustBeSet("valid values: " + list)) {
      field.mustBeOneOf(values);
    }
  }

  private static void exitCodes(FieldValue codes, Set<String> containers) {
    FieldValue operator = codes.at("operator");
    choice(operator, List.of("In", "NotIn"));
    FieldValue container = codes.at("containerName");
    if (container.isSet() && !containers.contains(container.string())) {
      container.invalid("must be one of the container or initContainer names in the pod template");
    }
    FieldValue values = codes.at("values");
    if (values.isEmpty()) {
      values.invalid("at least one value is required");
    } else {
      values.mustHaveAtMost(MOST_EXIT_CODES);
    }
    boolean ordered = true;
    long last = Long.MIN_VALUE;
    Set<Object> seen = new HashSet<>();
    for (FieldValue value : values.items()) {
      if (operator.is("In") && value.integer() == 0) {
        value.invalid("must not be 0 for the In operator");
      }
      value.mustBeNewIn(seen);
      ordered = ordered && last <= value.integer();
      last = value.integer();
    }
    if (!ordered) {
      values.invalid("must be ordered");
    }
  }

  private static void conditions(FieldValue conditions) {
    conditions.mustHaveAtMost(MOST_CONDITIONS);
    for (FieldValue condition : conditions.items()) {
      condition.at("type").mustBe(Formats::labelKey);
      choice(condition.at("status"), List.of("False", "True", "Unknown"));
    }
  }

  /// What of an Indexed Job is enough.
  static void success(FieldValue spec) {
    FieldValue policy = spec.at("successPolicy");
    if (!policy.isSet()) {
      return;
    }
    FieldValue rules = policy.at("rules");
    rules.mustBeSet("at least one rules must be specified when the successPolicy is specified");
    rules.mustHaveAtMost(MOST_RULES);
    long completions = spec.at("completions").integer();
    for (FieldValue rule : rules.items()) {
      success(rule, completions);
    }
  }

  private static void success(FieldValue rule, long completions) {
    FieldValue count = rule.at("succeededCount");
    FieldValue indexes = rule.at("succeededIndexes");
    if (!count.isSet() && !indexes.isSet()) {
      rule.required("at least one of succeededCount or succeededIndexes must be specified");
    }
    long total = 0;
    if (indexes.isSet()) {
      indexes.mustNotBeLongerThan(LONGEST_INDEXES);
      total = JobIndexes.count(indexes, completions);
    }
    if (count.isSet()) {
      count.mustNotBeNegative();
      if (count.integer() > completions) {
        atMost(count, completions, "the number of specified completions");
      }
      if (indexes.isSet() && count.integer() > total) {
        atMost(count, total, "the number of indexes in the specified succeededIndexes field");
      }
    }
  }

  private static void atMost(FieldValue count, long most, String why) {
    count.invalid("must be less than or equal to " + most + " (" + why + ")");
  }

  /// When a Pod is replaced.
  static void replacement(FieldValue spec) {
    spec.at("podReplacementPolicy")
        .mayBeOneOf(
            spec.at("podFailurePolicy").isSet()
                ? List.of("Failed")
                : List.of("Failed", "TerminatingOrFailed"));
  }
}
