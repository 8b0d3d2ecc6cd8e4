package dev.tiphys.apiserver.admission.expression;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.cel.Environment;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Program;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.expressions.Access;
import dev.tiphys.schema.expressions.AdmissionCompiler;
import dev.tiphys.schema.expressions.AuthorizerLibrary;
import dev.tiphys.schema.expressions.Compiled;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Evaluates expressions of one webhook or policy over the same values. They share what they may
/// cost, and the values of named expressions, which are evaluated once they are asked for.
///
/// Threads: one.
public final class Evaluation {

  /// What one expression may cost.
  private static final long PER_CALL = 1_000_000;

  /// What the expressions of a policy may cost together.
  public static final long BUDGET = 10_000_000;

  /// What the conditions of a webhook or policy may cost together.
  public static final long CONDITIONS_BUDGET = 2_500_000;

  private final Given given;
  private final AdmissionCompiler compiler;
  private final boolean asking;
  private @Nullable Object variables;
  private @Nullable Struct request;
  private long budget;
  private long variablesCost;

  /// What came of an expression.
  public sealed interface Result {}

  /// @param value as expressions have it
  public record Value(Object value) implements Result {}

  /// @param problem why there is no value, in upstream's words
  public record Failed(String problem) implements Result {}

  /// @param asking whether users' rights can be asked for
  /// @param budget what all may cost
  public Evaluation(Given given, AdmissionCompiler compiler, boolean asking, long budget) {
    this.given = given;
    this.compiler = compiler;
    this.asking = asking;
    this.budget = budget;
  }

  /// What may still be spent.
  public long budget() {
    return budget;
  }

  /// @throws OutOfBudgetException if it costs more than may still be spent
  public Result evaluate(Compiled compiled) throws OutOfBudgetException {
    Program program = compiled.program();
    if (program == null) {
      return new Failed("compilation error: " + compiled.problem());
    }
    variablesCost = 0;
    Program.Outcome outcome = program.evaluate(this::value, PER_CALL);
    budget -= variablesCost + outcome.cost();
    if (budget < 0) {
      throw new OutOfBudgetException();
    }
    return switch (outcome) {
      case Program.Value(Object value, long _) -> new Value(value);
      case Program.Failed(var problem, long _) -> failed(compiled, problem);
      case Program.Stopped(var problem, long _) -> failed(compiled, problem);
    };
  }

  private static Failed failed(Compiled compiled, RuntimeException problem) {
    return new Failed(
        "expression '" + compiled.expression() + "' resulted in error: " + problem.getMessage());
  }

  private @Nullable Object value(String name) {
    return switch (name) {
      case "object" -> orNull(given.incoming().object(given.form()));
      case "oldObject" -> orNull(given.incoming().old(given.form()));
      case "params" -> orNull(given.params());
      case "namespaceObject" -> orNull(given.namespace());
      case "request" -> request();
      case AdmissionCompiler.VARIABLES -> variables();
      case AdmissionCompiler.AUTHORIZER ->
          asking ? AuthorizerLibrary.authorizer(given.access()) : null;
      case AdmissionCompiler.REQUEST_RESOURCE ->
          asking ? AuthorizerLibrary.requestResource(given.access(), requestResource()) : null;
      default -> null;
    };
  }

  private static Object orNull(@Nullable Object value) {
    return value == null ? Null.NULL : value;
  }

  private Struct request() {
    if (request == null) {
      Incoming incoming = given.incoming();
      StructBuilder told = incoming.told(given.form());
      request = told.addAll(incoming.toldAfter().build()).build();
    }
    return request;
  }

  private Access.Resource requestResource() {
    Admission.Request it = given.incoming().request();
    return Access.Resource.of(
        it.served().group(),
        it.served().plural(),
        it.subresource(),
        given.incoming().namespace(),
        it.name());
  }

  private Object variables() {
    if (variables == null) {
      variables =
          Environment.lazily(
              compiler.variablesType(), List.copyOf(compiler.variables().keySet()), this::variable);
    }
    return variables;
  }

  private Object variable(String name) {
    Compiled compiled = compiler.variable(name);
    Program program = compiled.program();
    if (program == null) {
      throw new EvaluationException(
          "composited variable \"" + name + "\" fails to compile: " + compiled.problem());
    }
    Program.Outcome outcome = program.evaluate(this::value, PER_CALL);
    variablesCost += outcome.cost();
    return switch (outcome) {
      case Program.Value(Object value, long _) -> value;
      case Program.Failed(var problem, long _) -> throw failing(name, problem);
      case Program.Stopped(var problem, long _) -> throw failing(name, problem);
    };
  }

  private static EvaluationException failing(String name, RuntimeException problem) {
    return new EvaluationException(
        "composited variable \""
            + name
            + "\" fails to evaluate: "
            + Objects.toString(problem.getMessage(), ""));
  }
}
