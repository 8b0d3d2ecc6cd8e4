package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Watcher;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The running watches. Wakes those whose keys were written at once, and the others now and then,
/// so that they learn how far the revision has moved.
///
/// Threads: any.
final class Watches {

  /// How long a watch may take to hear that the revision moved, if nothing else happened to it.
  private static final Duration PROGRESS = Duration.ofMillis(100);

  private final World world;
  private final History history;
  private final Object lock = new Object();
  private final AtomicBoolean progressDue = new AtomicBoolean();
  private volatile PrefixIndex index = PrefixIndex.EMPTY; // written under lock
  private @Nullable StoreException ended; // guarded by lock

  Watches(World world, History history) {
    this.world = world.background();
    this.history = history;
  }

  /// Starts a watch that is told of what comes after the revision `told`.
  RunningWatch start(String prefix, long told, Watcher watcher) {
    RunningWatch watch = new RunningWatch(prefix, told, watcher, history, world.gate(), this);
    synchronized (lock) {
      if (ended != null) {
        throw ended;
      }
      index = index.with(watch);
    }
    world.start("watch " + prefix, watch);
    return watch;
  }

  void remove(RunningWatch watch) {
    synchronized (lock) {
      index = index.without(watch);
    }
  }

  /// These events can be read from now on.
  void happened(List<Event> events) {
    PrefixIndex current = index;
    if (current.all().isEmpty()) {
      return;
    }
    for (Event event : events) {
      current.forEachConcerned(event.key(), RunningWatch::wake);
    }
    if (progressDue.compareAndSet(false, true)) {
      world.schedule(PROGRESS, this::tellProgress);
    }
  }

  private void tellProgress() {
    progressDue.set(false);
    index.all().forEach(RunningWatch::wakeIfBehind);
  }

  /// Ends all watches, and lets no more begin.
  void endAll(StoreException reason) {
    synchronized (lock) {
      ended = reason;
    }
    index.all().forEach(watch -> watch.end(reason));
  }
}
