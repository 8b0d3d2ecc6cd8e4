package dev.tiphys.store.replica;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Keeps the history short: gives up what was replaced long ago, or what takes too much memory.
///
/// Threads: any.
public final class Compactor {

  private static final System.Logger LOG = System.getLogger(Compactor.class.getName());

  /// How many times within the span that is kept the clock is looked at.
  private static final int LOOKS = 10;

  private final World world;
  private final Replica history;
  private final Duration span;
  private final long mostBytes;
  private final LongConsumer compact;

  /// Which revision was the newest one when, for the time since the last compaction. Used by the
  /// timer only.
  private final Deque<Sample> samples = new ArrayDeque<>();

  private final AtomicBoolean ticking = new AtomicBoolean();
  private final AtomicBoolean compacting = new AtomicBoolean();
  private volatile boolean closed;
  private volatile @Nullable Timer timer;

  private record Sample(long nanoTime, long revision) {}

  /// @param span how long replaced states are kept
  /// @param mostBytes how much memory they may take; beyond it, they are given up earlier
  /// @param compact compacts to a revision; may wait
  public Compactor(
      World world, Replica history, Duration span, long mostBytes, LongConsumer compact) {
    this.world = world.background();
    this.history = history;
    this.span = span;
    this.mostBytes = mostBytes;
    this.compact = compact;
  }

  /// The history has grown.
  public void grown() {
    if (ticking.compareAndSet(false, true)) {
      tickLater();
    }
    if (history.replacedBytes() > mostBytes && !compacting.get()) {
      // some more than needed, not to be back at once
      compactTo(history.revisionToFit(mostBytes / 4 * 3));
    }
  }

  /// Compacts no more.
  public void close() {
    closed = true;
    Timer pending = timer;
    if (pending != null) {
      pending.cancel();
    }
  }

  private void tickLater() {
    timer = world.schedule(span.dividedBy(LOOKS), this::tick);
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = world.nanoTime();
    samples.add(new Sample(now, history.newest().revision()));
    long old = 0;
    while (now - samples.getFirst().nanoTime() >= span.toNanos()) {
      old = samples.removeFirst().revision();
    }
    compactTo(old);
    if (hasSomething()) {
      tickLater();
      return;
    }
    samples.clear();
    ticking.set(false);
    if (hasSomething() && ticking.compareAndSet(false, true)) { // written in between
      tickLater();
    }
  }

  private boolean hasSomething() {
    return history.newest().revision() > Math.max(history.compacted(), 1);
  }

  private void compactTo(long revision) {
    if (revision > history.compacted() && compacting.compareAndSet(false, true)) {
      world.start("store compaction", () -> run(revision));
    }
  }

  private void run(long revision) {
    try {
      compact.accept(revision);
    } catch (StoreException e) {
      if (e.reason() != Reason.CLOSED) {
        LOG.log(System.Logger.Level.WARNING, "could not compact, will try again later", e);
      }
    } finally {
      compacting.set(false);
    }
  }
}
