package dev.tiphys.schema.validation.extension;

import dev.tiphys.cel.Program;
import dev.tiphys.cel.Range;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.custom.CompiledRule;
import dev.tiphys.schema.validation.custom.SchemaPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules for the expressions in schemas of custom resources.
final class SchemaExpressionRules {

  private static final String BLANK = "must be non-empty if specified";
  private static final List<String> REASONS =
      List.of(
          "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

  private SchemaExpressionRules() {}

  /// Where expressions stand in a schema.
  ///
  /// @param costs what all expressions cost
  /// @param count how many values there can be; [Range#ENDLESS] if nothing bounds that
  /// @param uncorrelated the place above where it is unknown which value was there before; null if
  ///   there is none
  /// @param bounded whether the cost of each expression counts
  record Scope(SchemaCosts costs, long count, @Nullable FieldValue uncorrelated, boolean bounded) {

    static Scope whole(boolean bounded) {
      return new Scope(new SchemaCosts(), 1, null, bounded);
    }

    /// Within a schema that describes so many values.
    Scope within(long values) {
      boolean endless = count == Range.ENDLESS || values == Range.ENDLESS;
      long product = endless ? Range.ENDLESS : Range.of(count).times(Range.of(values)).max();
      return new Scope(costs, product, uncorrelated, bounded);
    }

    Scope uncorrelatedBy(FieldValue place) {
      return uncorrelated == null ? new Scope(costs, count, place, bounded) : this;
    }

    /// What an expression costs for all values.
    long cost(long each, Struct schema) {
      long values = count == Range.ENDLESS ? CompiledRule.mostOften(schema) : count;
      return Range.of(each).times(Range.of(values)).max();
    }
  }

  private static final String RULE =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule";

  /// What the expressions of a sound schema compute, and what that costs.
  ///
  /// @param root whether it is the schema of a whole object
  static void compiled(FieldValue schema, boolean root, Scope scope, FieldErrors errors) {
    List<FieldValue> places = schema.at("x-kubernetes-validations").items();
    if (places.isEmpty()) {
      return;
    }
    List<CompiledRule> rules = CompiledRule.of(schema.struct(), root);
    for (int i = 0; i < rules.size(); i++) {
      compiled(rules.get(i), places.get(i).reportingTo(errors), schema.struct(), scope);
    }
  }

  private static void compiled(CompiledRule rule, FieldValue place, Struct schema, Scope scope) {
    FieldValue expression = place.at("rule");
    Program program = rule.program();
    if (program != null) {
      long cost = scope.cost(program.cost().max(), schema);
      bounded(expression, "estimated rule cost", cost, scope);
      scope.costs().add(expression, cost);
    }
    String shown = GoText.struct(place.value(), RULE);
    if (rule.problem() != null) {
      expression.invalidText(shown, rule.problem());
    }
    FieldValue message = place.at("messageExpression");
    if (rule.messageProblem() != null) {
      message.invalidText(shown, rule.messageProblem());
    } else if (rule.message() != null) {
      long cost = rule.message().cost().max();
      bounded(message, "estimated messageExpression cost", cost, scope);
      scope.costs().add(message, cost);
    }
    FieldValue uncorrelated = scope.uncorrelated();
    FieldValue optional = place.at("optionalOldSelf");
    if (rule.isTransition()) {
      if (uncorrelated != null) {
        expression.invalid(
            "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                + uncorrelated.path());
      }
    } else if (optional.isSet()) {
      optional.invalid("may not be set if oldSelf is not used in rule");
    }
  }

  private static void bounded(FieldValue place, String what, long cost, Scope scope) {
    if (scope.bounded() && cost > SchemaCosts.PER_EXPRESSION) {
      place.forbidden(SchemaCosts.problem(what, cost, SchemaCosts.PER_EXPRESSION));
    }
  }

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
