package dev.tiphys.cel.library;

import dev.tiphys.cel.CostException;

/// Keeps values from growing beyond what an evaluation could ever pay for. Costs are charged after
/// a call, which is too late for a result that does not fit into memory.
final class Sizes {

  /// Far more characters than an evaluation's budget lets anything look at.
  private static final long MOST = 1 << 26;

  private Sizes() {}

  /// @throws CostException if a text would have more characters than it may
  static void check(long characters) {
    if (characters > MOST || characters < 0) {
      throw new CostException();
    }
  }
}
