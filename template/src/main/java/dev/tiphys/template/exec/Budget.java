package dev.tiphys.template.exec;

import dev.tiphys.template.function.CallException;

/// What an execution may still take. Whatever makes or walks something asks here first.
///
/// Threads: one.
public final class Budget {

  /// How deep a value may be, so that no stack overflows. Only one that contains itself is deeper.
  private static final int DEEPEST = 250;

  private long steps;
  private long bytes;

  public Budget(long steps, long bytes) {
    this.steps = steps;
    this.bytes = bytes;
  }

  public void step() {
    steps(1);
  }

  /// @throws CallException if there are not that many steps left
  public void steps(long count) {
    steps -= count;
    if (steps < 0) {
      throw new CallException("the template takes too many steps");
    }
  }

  /// @throws CallException if not that much text may be made any more
  public void bytes(long count) {
    bytes -= count;
    if (bytes < 0) {
      throw new CallException("the template makes too much text");
    }
  }

  /// @throws CallException if that is deeper than a value may be
  public void depth(int depth) {
    if (depth > DEEPEST) {
      throw new CallException("a value is nested too deeply, or contains itself");
    }
  }
}
