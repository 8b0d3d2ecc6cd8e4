package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.verdict.Rejection;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// By slot: why a node does not suit, by what is known of it alone; kept until the node changes.
final class KeptVerdicts {

  /// Words may name what is on a node.
  private static final int MOST_KINDS = 1_000;

  private @Nullable Rejection[] bySlot = new Rejection[0];
  private final BitSet suitable = new BitSet();

  /// Many nodes are refused alike: what is said of them is kept once.
  private final Map<Rejection, Rejection> kinds = new HashMap<>();

  void reserve(int slots) {
    if (bySlot.length < slots) {
      bySlot = Arrays.copyOf(bySlot, slots);
    }
  }

  /// @param verdict null if the node suits
  void note(int slot, @Nullable Rejection verdict) {
    bySlot[slot] = verdict == null ? null : kind(verdict);
    suitable.set(slot, verdict == null);
  }

  private Rejection kind(Rejection rejection) {
    if (kinds.size() > MOST_KINDS) {
      kinds.clear();
    }
    return kinds.computeIfAbsent(rejection, known -> known);
  }

  /// There is no node any more.
  void forget(int slot) {
    bySlot[slot] = null;
    suitable.clear(slot);
  }

  /// Null for a node that suits, and where there is none.
  @Nullable Rejection at(int slot) {
    return bySlot[slot];
  }

  boolean isSuitable(int slot) {
    return suitable.get(slot);
  }

  /// The next slot of a node that suits, from `slot` on; negative if there is none.
  int nextSuitable(int slot) {
    return suitable.nextSetBit(slot);
  }

  /// All of them, not to be changed.
  @Nullable Rejection[] bySlot() {
    return bySlot;
  }
}
