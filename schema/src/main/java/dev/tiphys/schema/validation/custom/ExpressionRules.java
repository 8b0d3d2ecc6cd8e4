package dev.tiphys.schema.validation.custom;

import dev.tiphys.cel.Environment;
import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Variables;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Evaluates the rules of a schema for an object, within a budget.
///
/// What a rule finds wrong with a value that is as it was before is let pass, unless the rule
/// speaks of the value before.
///
/// Threads: one; made for one object.
final class ExpressionRules {

  private static final int LONGEST_MESSAGE = 5 * 1024;
  private static final String NO_BUDGET =
      "validation failed due to running out of cost budget, no further validation rules will be"
          + " run";

  private final FieldErrors forgiven;
  private long budget = Expressions.PER_OBJECT;

  private ExpressionRules(FieldErrors forgiven) {
    this.forgiven = forgiven;
  }

  /// Whether a value is as it was before, or else the nearest value around it that has a
  /// counterpart.
  private record Ratchet(@Nullable Correlation here, @Nullable Correlation around) {

    boolean forgives() {
      Correlation nearest = here == null ? around : here;
      return nearest != null && nearest.isUnchanged();
    }

    Ratchet field(String name) {
      if (here == null) {
        return this;
      }
      boolean fixed = around == null && (name.equals("apiVersion") || name.equals("kind"));
      return fixed ? new Ratchet(null, null) : new Ratchet(here.field(name), here);
    }

    Ratchet element(int index) {
      return here == null ? this : new Ratchet(here.element(index), here);
    }
  }

  /// @param before the value that is replaced; null for a new one
  static void check(FieldValue object, Object now, @Nullable Object before, RuleTree tree) {
    check(object, now, before, tree, new FieldErrors());
  }

  /// @param forgiven what is wrong and let pass
  static void check(
      FieldValue object, Object now, @Nullable Object before, RuleTree tree, FieldErrors forgiven) {
    Correlation whole = before == null ? null : new Correlation(now, before, tree.schema());
    new ExpressionRules(forgiven).value(object, now, before, tree, new Ratchet(whole, null));
  }

  /// Whether there is budget left.
  private boolean value(
      FieldValue place, Object now, @Nullable Object before, RuleTree tree, Ratchet ratchet) {
    if (now == Null.NULL) {
      return true;
    }
    Object old = before == Null.NULL ? null : before;
    if (!rules(place, now, old, tree, ratchet)) {
      return false;
    }
    return switch (now) {
      case Struct struct -> struct(place, struct, old, tree, ratchet);
      case List<?> list -> list(place, list, old, tree, ratchet);
      default -> true;
    };
  }

  private boolean struct(
      FieldValue place, Struct struct, @Nullable Object old, RuleTree tree, Ratchet ratchet) {
    for (int i = 0; i < struct.size(); i++) {
      String name = struct.name(i);
      Object before = old instanceof Struct known ? known.get(name) : null;
      RuleTree others = tree.others();
      RuleTree property = tree.property(name);
      if (others != null
          && !value(place.key(name), struct.value(i), before, others, ratchet.field(name))) {
        return false;
      }
      if (property != null
          && !value(place.at(name), struct.value(i), before, property, ratchet.field(name))) {
        return false;
      }
    }
    return true;
  }

  private boolean list(
      FieldValue place, List<?> list, @Nullable Object old, RuleTree tree, Ratchet ratchet) {
    RuleTree items = tree.items();
    if (items == null) {
      return true;
    }
    List<?> known = old instanceof List<?> before ? before : List.of();
    KeyedElements elements = new KeyedElements(known, tree.schema());
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      Object before = elements.counterpart(element);
      if (!value(place.shownAt(i), element, before, items, ratchet.element(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean rules(
      FieldValue place, Object now, @Nullable Object old, RuleTree tree, Ratchet ratchet) {
    List<CompiledRule> rules = tree.rules();
    if (rules.isEmpty()) {
      return true;
    }
    if (budget <= 0) {
      report(place, NO_BUDGET, tree.schema());
      return false;
    }
    Rule rule = new Rule(place, now, old, tree.schema(), ratchet);
    return rules.stream().allMatch(rule::holds);
  }

  /// The type of the value stands for it where no single value is to blame.
  private static void report(FieldValue place, String problem, Struct schema) {
    place.errors().add(error(place.path(), GoText.quoted(schema.string("type")), problem, ""));
  }

  /// The rules of one place for one value.
  private final class Rule {
    private final FieldValue place;
    private final Object now;
    private final @Nullable Object old;
    private final Struct schema;
    private final Ratchet ratchet;

    Rule(FieldValue place, Object now, @Nullable Object old, Struct schema, Ratchet ratchet) {
      this.place = place;
      this.now = now;
      this.old = old;
      this.schema = schema;
      this.ratchet = ratchet;
    }

    private void problem(String text) {
      report(place, text, schema);
    }

    /// Whether the rules after it are to be looked at.
    boolean holds(CompiledRule rule) {
      if (rule.problem() != null) {
        problem("rule compile error: " + rule.problem());
        return true;
      }
      Program program = rule.program();
      boolean skipped = rule.isTransition() && old == null && !rule.takesNoOldValue();
      if (program == null || skipped) {
        return true;
      }
      Variables variables = variables(rule.takesNoOldValue());
      Program.Outcome outcome = program.evaluate(variables, Expressions.PER_CALL);
      if (outcome.cost() > budget) {
        problem(NO_BUDGET);
        return false;
      }
      budget -= outcome.cost();
      return switch (outcome) {
        case Program.Value(Object value, long _) ->
            Boolean.TRUE.equals(value) || broken(rule, variables);
        case Program.Failed(var e, long _) -> {
          problem(
              e.isNoOverload()
                  ? "'"
                      + e.getMessage()
                      + "': call arguments did not match a supported operator, function or macro"
                      + " signature for rule: "
                      + text(rule.rule())
                  : e.getMessage() + " evaluating rule: " + text(rule.rule()));
          yield true;
        }
        case Program.Stopped(var e, long _) -> {
          problem(
              "'"
                  + e.getMessage()
                  + "': no further validation rules will be run due to call cost exceeds limit for"
                  + " rule: "
                  + text(rule.rule()));
          yield false;
        }
      };
    }

    private Variables variables(boolean optional) {
      return name ->
          switch (name) {
            case "self" -> now;
            case "oldSelf" -> optional ? Environment.optional(old, selfType()) : old;
            default -> null;
          };
    }

    private Type selfType() {
      return Objects.requireNonNull(SchemaTypes.of(schema, false, "selfType"));
    }

    /// Reports a rule that does not hold. Returns whether there is budget left.
    private boolean broken(CompiledRule rule, Variables variables) {
      String path = rule.rule().string("fieldPath");
      FieldValue shown = path.isEmpty() ? place : place.at(pathOf(path));
      String detail = rule.rule().string("message").strip();
      if (detail.isEmpty()) {
        detail = "failed rule: " + text(rule.rule());
      }
      Program message = rule.message();
      if (message != null) {
        Message told = Message.of(message.evaluate(variables, Expressions.PER_CALL), rule, budget);
        budget -= told.cost();
        detail = told.text() == null ? detail : told.text();
        if (told.ends()) {
          add(rule, error(shown.path(), GoText.quoted(schema.string("type")), detail, ""));
          return false;
        }
      }
      boolean plain = !(now instanceof Struct) && !(now instanceof List<?>);
      String value = plain ? GoText.of(now) : null;
      add(rule, error(shown.path(), value, detail, rule.rule().string("reason")));
      return true;
    }

    private String pathOf(String path) {
      try {
        return SchemaPath.follow(path, schema, true).path();
      } catch (IllegalArgumentException e) {
        return "";
      }
    }

    private void add(CompiledRule rule, FieldError error) {
      boolean counts = rule.isTransition() || !ratchet.forgives();
      (counts ? place.errors() : forgiven).add(error);
    }
  }

  private static FieldError error(
      String path, @Nullable String value, String detail, String reason) {
    String shown = path.isEmpty() ? "<nil>" : path;
    return switch (reason) {
      case "FieldValueForbidden" -> new FieldError(FieldError.Type.FORBIDDEN, shown, null, detail);
      case "FieldValueRequired" -> new FieldError(FieldError.Type.REQUIRED, shown, null, detail);
      case "FieldValueDuplicate" -> new FieldError(FieldError.Type.DUPLICATE, shown, value, "");
      default -> new FieldError(FieldError.Type.INVALID, shown, value, detail);
    };
  }

  private static String text(Struct rule) {
    String message = rule.string("message").strip();
    return message.isEmpty() ? rule.string("rule").strip() : message;
  }

  /// What a message expression came to.
  ///
  /// @param text the message, or why there are no more rules; null if the expression has no use
  /// @param ends whether no more rules are looked at
  private record Message(@Nullable String text, long cost, boolean ends) {

    static Message of(Program.Outcome outcome, CompiledRule rule, long budget) {
      if (outcome.cost() > budget) {
        return new Message(
            "messageExpression evaluation failed due to running out of cost budget, no further"
                + " validation rules will be run",
            budget,
            true);
      }
      return switch (outcome) {
        case Program.Value(Object value, long cost) ->
            new Message(usable(value.toString().strip()), cost, false);
        case Program.Failed(var _, long cost) -> new Message(null, cost, false);
        case Program.Stopped(var _, long cost) ->
            new Message(
                "no further validation rules will be run due to call cost exceeds limit for"
                    + " messageExpression: "
                    + GoText.quoted(rule.rule().string("messageExpression")),
                cost,
                true);
      };
    }

    private static @Nullable String usable(String text) {
      boolean fits = text.length() <= LONGEST_MESSAGE && text.indexOf('\n') < 0;
      return fits && !text.isEmpty() ? text : null;
    }
  }
}
