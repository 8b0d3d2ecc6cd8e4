package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import org.jspecify.annotations.Nullable;

/// `&&` and `||`: a side that decides makes up for an error on the other.
///
/// @param decides the value of one side that is the value of the whole
record Logic(Step left, Step right, boolean decides) implements Step {

  @Override
  public Object value(Frame frame) {
    EvaluationException error = null;
    try {
      if (isTrue(left.value(frame)) == decides) {
        return decides;
      }
    } catch (EvaluationException e) {
      error = e;
    }
    boolean second = second(frame, error);
    if (error != null && second != decides) {
      throw error;
    }
    return second;
  }

  /// The right side; if both have an error, that of the left counts.
  private boolean second(Frame frame, @Nullable EvaluationException first) {
    try {
      return isTrue(right.value(frame));
    } catch (EvaluationException e) {
      throw first == null ? e : first;
    }
  }

  static boolean isTrue(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw EvaluationException.noOverload();
  }
}
