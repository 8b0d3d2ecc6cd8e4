package dev.tiphys.delivery.condition;

import dev.tiphys.object.Null;
import java.time.Instant;

/// A condition that was read, and can be applied to values.
///
/// What it costs is bounded, however it is written and whatever it is applied to.
///
/// Threads: any; immutable.
public final class Condition {

  private final Expr expr;

  private Condition(Expr expr) {
    this.expr = expr;
  }

  /// @param text such as `result[0] < 0.05`
  /// @throws ConditionException if it can't be read
  public static Condition of(String text) {
    return new Condition(Parser.parse(text));
  }

  /// Whether it is true of a value.
  ///
  /// @param result a tree as JSON has it
  /// @param now what `now()` is
  /// @throws ConditionException if it can't be applied to that, or is neither true nor false
  public boolean isTrueOf(Object result, Instant now) {
    Object value = value(result, now);
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw new ConditionException("expected bool, but got " + Values.type(value));
  }

  /// The moment that it says.
  ///
  /// @throws ConditionException if it says something else
  public Instant moment(Instant now) {
    Object value = value(Null.NULL, now);
    if (value instanceof Instant moment) {
      return moment;
    }
    throw new ConditionException("expected time.Time, but got " + Values.type(value));
  }

  private Object value(Object result, Instant now) {
    return expr.of(new Scope(result, now));
  }
}
