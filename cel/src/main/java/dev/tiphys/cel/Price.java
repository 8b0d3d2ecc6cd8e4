package dev.tiphys.cel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What calling a function costs, without its arguments: an estimate before, and the cost of a
/// call.
public interface Price {

  /// One, whatever the arguments are.
  Price NOMINAL = new Fixed(1);

  /// What each character costs that is looked at.
  double PER_CHARACTER = 0.1;

  /// What each character of a regular expression costs for each unit of text.
  double PER_REGEX_CHARACTER = 0.25;

  long LIST = 10;
  long MAP = 30;
  long OBJECT = 40;

  /// @param size how large the result is; null if its type must tell
  record Estimate(Range cost, @Nullable Range size) {}

  /// What is known of an argument before evaluation.
  interface Operand {

    Range size();

    Type type();

    /// How large the elements of a list are.
    Range elementSize();

    /// The value, if it stands in the expression.
    @Nullable Object literal();
  }

  Estimate estimate(List<Operand> operands);

  long actual(Object[] arguments, Object result);

  /// The same cost for each call.
  static Price of(long cost) {
    return new Fixed(cost);
  }

  /// @param cost of each call
  record Fixed(long cost) implements Price {

    @Override
    public Estimate estimate(List<Operand> operands) {
      return new Estimate(Range.of(cost), null);
    }

    @Override
    public long actual(Object[] arguments, Object result) {
      return cost;
    }
  }
}
