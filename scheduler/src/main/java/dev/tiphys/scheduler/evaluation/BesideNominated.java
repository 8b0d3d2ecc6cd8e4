package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.verdict.Rejection;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// By slot: why a node that suits as it is does not beside the Pods that it is being cleared for.
/// Kept, since many Pods ask while nodes are being cleared for many.
final class BesideNominated {

  private @Nullable Found[] bySlot = new Found[0];

  /// @param version of the node's nominations
  /// @param priority of the Pods that were asked for
  private record Found(long version, long priority, @Nullable Rejection rejection) {}

  void reserve(int slots) {
    if (bySlot.length < slots) {
      bySlot = Arrays.copyOf(bySlot, slots);
    }
  }

  void forget(int slot) {
    bySlot[slot] = null;
  }

  /// What was found for a Pod of this priority among these nominations; asked for if nothing was.
  @Nullable Rejection at(
      int slot, long version, long priority, Supplier<@Nullable Rejection> question) {
    Found found = bySlot[slot];
    if (found == null || found.version != version || found.priority != priority) {
      found = new Found(version, priority, question.get());
      bySlot[slot] = found;
    }
    return found.rejection;
  }
}
