package dev.tiphys.cel;

import dev.tiphys.cel.eval.Frame;
import dev.tiphys.cel.eval.Step;
import java.util.Set;

/// A compiled expression.
///
/// Threads: any; immutable.
public final class Program {

  private final Step step;
  private final Type type;
  private final Range cost;
  private final Set<String> variables;
  private final int named;
  private final int local;

  Program(Step step, Type type, Range cost, Set<String> variables, int named, int local) {
    this.step = step;
    this.type = type;
    this.cost = cost;
    this.variables = variables;
    this.named = named;
    this.local = local;
  }

  /// The type of its value.
  public Type type() {
    return type;
  }

  /// What an evaluation costs, as far as that can be told from the sizes that types declare.
  public Range cost() {
    return cost;
  }

  /// Whether it names a variable.
  public boolean uses(String variable) {
    return variables.contains(variable);
  }

  /// What came of an evaluation.
  public sealed interface Outcome {

    /// What it has cost.
    long cost();
  }

  /// @param value the value
  public record Value(Object value, long cost) implements Outcome {}

  /// There is no value.
  public record Failed(EvaluationException problem, long cost) implements Outcome {}

  /// It would have cost more than it may.
  public record Stopped(CostException problem, long cost) implements Outcome {}

  /// Evaluates the expression.
  ///
  /// @param limit what that may cost
  public Outcome evaluate(Variables values, long limit) {
    Frame frame = new Frame(values, named, local, limit);
    try {
      Object value = step.value(frame);
      return new Value(value, frame.cost());
    } catch (EvaluationException e) {
      return new Failed(e, frame.cost());
    } catch (CostException e) {
      return new Stopped(e, frame.cost());
    }
  }
}
