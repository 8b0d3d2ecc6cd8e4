package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Watch;
import dev.tiphys.store.Watcher;
import dev.tiphys.world.Gate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A watch: a place in the history that moves on as its watcher takes what is there.
///
/// It holds no events of its own, so a slow watcher costs nothing. It falls behind, and ends when
/// what it has not seen yet is compacted away.
///
/// Threads: [#run] is its task's; the rest is anybody's.
final class RunningWatch implements Watch, Runnable {

  /// How many events are looked at in one go.
  private static final int SLICE = 1000;

  private final String prefix;
  private final Watcher watcher;
  private final History history;
  private final Gate gate;
  private final Watches watches;
  private volatile long told; // written by the task
  private volatile boolean closed;
  private volatile @Nullable StoreException end;

  /// @param told the last revision that the watcher is not to be told of
  RunningWatch(
      String prefix, long told, Watcher watcher, History history, Gate gate, Watches watches) {
    this.prefix = prefix;
    this.told = told;
    this.watcher = watcher;
    this.history = history;
    this.gate = gate;
    this.watches = watches;
  }

  String prefix() {
    return prefix;
  }

  /// There may be something new.
  void wake() {
    gate.open();
  }

  /// As [#wake], if the revision has moved.
  void wakeIfBehind() {
    if (told < history.newest().revision()) {
      gate.open();
    }
  }

  /// Ends the watch, and tells the watcher.
  void end(StoreException reason) {
    end = reason;
    gate.open();
  }

  @Override
  public void close() {
    closed = true;
    gate.open();
  }

  @Override
  public void run() {
    try {
      while (!closed && end == null) {
        if (!tellMore()) {
          gate.await();
        }
      }
    } catch (StoreException e) { // compacted away
      end = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end = new StoreException(StoreException.Reason.UNAVAILABLE, "the watch was interrupted", e);
    } finally {
      watches.remove(this);
    }
    StoreException reason = end;
    if (reason != null && !closed) {
      watcher.ended(reason);
    }
  }

  /// Tells the watcher of what is there. Returns false if there is nothing new.
  private boolean tellMore() {
    List<Event> slice = history.since(told, SLICE);
    if (slice.isEmpty()) {
      return false;
    }
    List<Event> concerning = new ArrayList<>();
    for (Event event : slice) {
      if (event.key().startsWith(prefix)) {
        concerning.add(event);
      }
    }
    long revision = slice.getLast().revision();
    if (!concerning.isEmpty() || slice.size() < SLICE) {
      watcher.happened(concerning, revision);
    }
    told = revision;
    return true;
  }
}
