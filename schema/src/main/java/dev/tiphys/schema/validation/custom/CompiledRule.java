package dev.tiphys.schema.validation.custom;

import dev.tiphys.cel.CompileException;
import dev.tiphys.cel.Environment;
import dev.tiphys.cel.Program;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule of a schema, compiled.
///
/// @param rule as the schema has it
/// @param program null if it has a problem, or if there is no expression
/// @param problem what is wrong with the expression
/// @param message what tells the message; null if nothing does
/// @param messageProblem what is wrong with that
public record CompiledRule(
    Struct rule,
    @Nullable Program program,
    @Nullable String problem,
    @Nullable Program message,
    @Nullable String messageProblem) {

  private static final String SELF = "self";
  private static final String OLD = "oldSelf";

  /// Whether the rule tells what may become of a value.
  public boolean isTransition() {
    return program != null && program.uses(OLD);
  }

  boolean takesNoOldValue() {
    return rule.bool("optionalOldSelf");
  }

  /// The rules of a schema.
  ///
  /// @param root whether the schema is that of a whole object
  public static List<CompiledRule> of(Struct schema, boolean root) {
    List<Struct> rules = schema.structs("x-kubernetes-validations");
    Type self = SchemaTypes.of(schema, root, "selfType");
    List<CompiledRule> compiled = new ArrayList<>(rules.size());
    for (Struct rule : rules) {
      compiled.add(
          self == null
              ? failed(rule, "failed to convert to declType for CEL validation rules")
              : compile(rule, self));
    }
    return List.copyOf(compiled);
  }

  /// How often the value of a schema can be there at the most.
  public static long mostOften(Struct schema) {
    return SchemaTypes.mostOften(schema);
  }

  private static CompiledRule failed(Struct rule, String problem) {
    return new CompiledRule(rule, null, problem, null, null);
  }

  private static CompiledRule compile(Struct rule, Type self) {
    String expression = rule.string("rule");
    if (expression.isBlank()) {
      return new CompiledRule(rule, null, null, null, null);
    }
    Type old = rule.bool("optionalOldSelf") ? Type.optional(self) : self;
    Environment environment = Expressions.environment().with(SELF, self).with(OLD, old);
    Program program;
    try {
      program = environment.compile(expression);
    } catch (CompileException e) {
      return failed(rule, e.stage() + " failed: " + e.getMessage());
    }
    if (!program.type().equals(Type.BOOL)) {
      return failed(rule, "cel expression must evaluate to a bool");
    }
    return withMessage(rule, program, environment);
  }

  private static CompiledRule withMessage(Struct rule, Program program, Environment environment) {
    String expression = rule.string("messageExpression");
    if (expression.isEmpty()) {
      return new CompiledRule(rule, program, null, null, null);
    }
    try {
      Program message = environment.compile(expression);
      return message.type().equals(Type.STRING)
          ? new CompiledRule(rule, program, null, message, null)
          : new CompiledRule(
              rule, program, null, null, "messageExpression must evaluate to a string");
    } catch (CompileException e) {
      String problem = "messageExpression " + e.stage() + " failed: " + e.getMessage();
      return new CompiledRule(rule, program, null, null, problem);
    }
  }
}
