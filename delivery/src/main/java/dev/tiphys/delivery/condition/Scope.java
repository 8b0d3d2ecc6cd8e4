package dev.tiphys.delivery.condition;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a condition is applied to, and how much work that may still cost.
///
/// Threads: one.
final class Scope {

  /// Enough for the largest answers that are read, and over in a moment.
  private static final long MOST = 1_000_000;

  private final Object result;
  private final Instant now;
  private final Deque<Object> elements = new ArrayDeque<>();
  private long spent;

  Scope(Object result, Instant now) {
    this.result = result;
    this.now = now;
  }

  Object result() {
    return result;
  }

  Instant now() {
    return now;
  }

  /// Pays for some work.
  void spend(long amount) {
    spent += amount;
    if (spent > MOST) {
      throw new ConditionException("the condition takes too long");
    }
  }

  /// What `#` is: the parser lets it stand in a function's braces only.
  Object element() {
    return elements.getFirst();
  }

  /// The value of a function's part in braces for one element.
  Object with(Object element, Expr body) {
    elements.push(element);
    try {
      return body.of(this);
    } finally {
      elements.pop();
    }
  }
}
