package dev.tiphys.schema.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for conditions of the form that kinds share.
public final class ConditionRules {

  private static final List<String> STATUSES = List.of("False", "True", "Unknown");
  private static final int LONGEST_REASON = 1024;
  private static final int LONGEST_MESSAGE = 32 * 1024;
  private static final String REASON_TEXT =
      Formats.regex(
          "a condition reason must start with alphabetic character, optionally followed by a string"
              + " of alphanumeric characters or '_,:', and must end with an alphanumeric character"
              + " or '_'",
          "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?",
          "my_name",
          "MY_NAME",
          "MyName",
          "ReasonA,ReasonB",
          "ReasonA:ReasonB");

  private ConditionRules() {}

  public static void conditions(FieldValue conditions) {
    Set<Object> types = new HashSet<>();
    for (FieldValue condition : conditions.items()) {
      FieldValue type = condition.at("type");
      type.mustBeNewIn(types);
      type.mustBe(Formats::labelKey);
      condition.at("status").mustBeOneOf(STATUSES);
      FieldValue generation = condition.at("observedGeneration");
      if (generation.integer() < 0) {
        generation.invalid("must be greater than or equal to zero");
      }
      condition.at("lastTransitionTime").mustBeSet();
      FieldValue reason = condition.at("reason");
      if (reason.mustBeSet()) {
        if (!isReason(reason.string())) {
          reason.invalid(REASON_TEXT);
        }
        reason.mustNotBeLongerThan(LONGEST_REASON);
      }
      condition.at("message").mustNotBeLongerThan(LONGEST_MESSAGE);
    }
  }

  private static boolean isReason(String text) {
    char first = text.charAt(0);
    char last = text.charAt(text.length() - 1);
    return Characters.isAlphanumeric(first)
        && !Characters.isDigit(first)
        && (Characters.isAlphanumeric(last) || last == '_')
        && Characters.all(text, c -> Characters.isAlphanumeric(c) || "_,:".indexOf(c) >= 0);
  }
}
