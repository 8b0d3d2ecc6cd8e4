package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.world.Gate;
import org.jspecify.annotations.Nullable;

/// A change that has its place in the order but need not be on disk yet.
///
/// Threads: any may wait; one settles it.
final class Pending {

  private final Change change;
  private final @Nullable Event event;
  private final Gate gate;
  private @Nullable StoreException failure; // written before settled
  private volatile boolean settled;

  /// @param event what the change does to a key, if it does anything to one
  Pending(Change change, @Nullable Event event, Gate gate) {
    this.change = change;
    this.event = event;
    this.gate = gate;
  }

  Change change() {
    return change;
  }

  @Nullable Event event() {
    return event;
  }

  /// The change is on disk, or, if `failure` is given, was taken back.
  void settle(@Nullable StoreException failure) {
    this.failure = failure;
    settled = true;
    gate.open();
  }

  /// Waits until the change is on disk.
  ///
  /// @throws StoreException if it was taken back
  void awaitDurable() {
    awaitSettled();
    if (failure != null) {
      throw new StoreException(failure.reason(), failure.getMessage(), failure);
    }
  }

  /// Waits until the change is on disk or taken back.
  void awaitSettled() {
    try {
      while (!settled) {
        gate.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          Reason.UNAVAILABLE, "interrupted while waiting for the disk; the write may happen", e);
    }
    gate.open(); // for the next task that waits for the same change
  }
}
