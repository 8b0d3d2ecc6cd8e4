package dev.tiphys.delivery.condition;

/// A compiled part of a condition.
@FunctionalInterface
interface Expr {

  /// @throws ConditionException if the values at hand do not allow it
  Object of(Scope scope);
}
