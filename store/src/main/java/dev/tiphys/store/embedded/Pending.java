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
  private final boolean frees;
  private final Gate gate;
  private @Nullable StoreException failure; // written before settled
  private boolean again; // written before settled
  private volatile boolean settled;

  /// @param event what the change does to a key, if it does anything to one
  /// @param frees whether there will be more room after it
  Pending(Change change, @Nullable Event event, boolean frees, Gate gate) {
    this.change = change;
    this.event = event;
    this.frees = frees;
    this.gate = gate;
  }

  Change change() {
    return change;
  }

  @Nullable Event event() {
    return event;
  }

  /// Whether there will be more room after the change, so that it may use what is kept for that.
  boolean frees() {
    return frees;
  }

  /// The change was taken back for the sake of others alone, and is to be made anew.
  void settleForAnother() {
    again = true;
    settled = true;
    gate.open();
  }

  /// The change is on disk, or, if `failure` is given, was taken back.
  void settle(@Nullable StoreException failure) {
    this.failure = failure;
    settled = true;
    gate.open();
  }

  /// Waits until the change is on disk.
  ///
  /// @return false if it is to be made anew
  /// @throws StoreException if it was taken back
  boolean awaitDurable() {
    awaitSettled();
    if (again) {
      return false;
    }
    if (failure != null) {
      throw new StoreException(failure.reason(), failure.getMessage(), failure);
    }
    return true;
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
