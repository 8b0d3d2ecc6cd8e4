package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import java.util.List;

/// Rules for the expressions in schemas of custom resources, but for what they compute.
final class SchemaExpressionRules {

  private static final String BLANK = "must be non-empty if specified";
  private static final List<String> REASONS =
      List.of(
          "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

  private SchemaExpressionRules() {}

  static void validation(FieldValue validation, Struct schema) {
    ruleAndMessage(validation.at("rule"), validation.at("message"));
    FieldValue expression = validation.at("messageExpression");
    if (!expression.isEmpty() && expression.string().isBlank()) {
      expression.required("messageExpression " + BLANK);
    }
    validation.at("reason").mayBeOneOf(REASONS);
    FieldValue path = validation.at("fieldPath");
    if (path.isEmpty()) {
      return;
    }
    if (path.string().isBlank()) {
      path.invalid(BLANK);
    }
    if (hasBreaks(path.string())) {
      path.invalid("must not contain line breaks");
    }
    if (!leadsSomewhere(path.string(), schema)) {
      path.invalid("must be a valid path");
    }
  }

  private static void ruleAndMessage(FieldValue rule, FieldValue message) {
    String text = message.string().strip();
    if (rule.string().isBlank()) {
      rule.required("rule is not specified");
    } else if (!message.isEmpty() && text.isEmpty()) {
      message.invalid(BLANK);
    } else if (hasBreaks(text)) {
      message.invalid("must not contain line breaks");
    } else if (hasBreaks(rule.string().strip()) && text.isEmpty()) {
      message.required("message must be specified if rule contains line breaks");
    }
  }

  private static boolean hasBreaks(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }

  private static boolean leadsSomewhere(String path, Struct schema) {
    try {
      return StructuralRules.unsupported(schema) != null
          || SchemaPath.follow(path, schema, true) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
