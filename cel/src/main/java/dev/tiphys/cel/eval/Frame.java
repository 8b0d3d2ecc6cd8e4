package dev.tiphys.cel.eval;

import dev.tiphys.cel.CostException;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Variables;
import org.jspecify.annotations.Nullable;

/// One evaluation: the values of variables, and what it has cost so far.
///
/// Threads: one.
public final class Frame {

  private final Variables variables;
  private final @Nullable Object[] known;
  private final @Nullable Object[] slots;
  private final long limit;
  private long cost;

  /// @param named how many variables the expression names
  /// @param local how many variables its folds have at a time
  /// @param limit what it may cost
  public Frame(Variables variables, int named, int local, long limit) {
    this.variables = variables;
    this.known = new Object[named];
    this.slots = new Object[local];
    this.limit = limit;
  }

  public long cost() {
    return cost;
  }

  void charge(long amount) {
    cost += amount;
    if (cost > limit || cost < 0) {
      throw new CostException();
    }
  }

  Object variable(int index, String name, Type type) {
    Object value = known[index];
    if (value == null) {
      Object raw = variables.value(name);
      if (raw == null) {
        throw new EvaluationException("no such attribute(s): " + name);
      }
      value = Adapter.value(raw, type);
      known[index] = value;
    }
    return value;
  }

  Object local(int slot) {
    Object value = slots[slot];
    if (value == null) {
      throw new IllegalStateException("a fold's variable is read outside of it");
    }
    return value;
  }

  void assign(int slot, Object value) {
    slots[slot] = value;
  }
}
