package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Puts writes in order: each is judged against the state that all those before it leave, gets its
/// revision, and waits in a queue until it is on disk.
///
/// So many writes can be on their way to the disk together, though each may depend on the one
/// before. If the disk fails, all of them are taken back. No answer speaks of a state that is not
/// on disk.
///
/// Threads: any writes; one at a time takes batches, and may give them back.
final class Sequencer {

  /// How many bytes may be queued before writers must wait.
  private static final long ROOM = 4 << 20;

  /// What a change takes in the queue and in the log beside its key and value, at most.
  private static final int OVERHEAD = 64;

  private final World world;
  private final Replica history;
  private final Leases leases;
  private final Runnable onQueued;
  private final Runnable roomCheck;
  private final Object lock = new Object();

  // guarded by lock
  private Head head;
  private List<Pending> queue = new ArrayList<>();
  private long queuedBytes;
  private @Nullable Pending last;
  private @Nullable StoreException refusal;

  /// @param onQueued called when there is something to take, with this object's lock held
  /// @param roomCheck throws `NO_SPACE` if there is room only for what frees some
  Sequencer(World world, Replica history, Leases leases, Runnable onQueued, Runnable roomCheck) {
    this.world = world;
    this.history = history;
    this.leases = leases;
    this.onQueued = onQueued;
    this.roomCheck = roomCheck;
    this.head = new Head(history.newest());
  }

  /// What becomes of a write.
  private sealed interface Verdict {
    record Known(WriteResult result) implements Verdict {}

    record Queued(Pending pending, Event event) implements Verdict {}

    /// It can't be told before `other` has settled.
    record NotYet(Pending other) implements Verdict {}
  }

  WriteResult write(Write write) {
    while (true) {
      switch (judge(write)) {
        case Verdict.Known(WriteResult result) -> {
          return result;
        }
        case Verdict.Queued(Pending pending, Event event) -> {
          if (pending.awaitDurable()) {
            return new WriteResult.Written(event.revision(), event.current(), event.previous());
          }
        }
        case Verdict.NotYet(Pending other) -> other.awaitSettled();
      }
    }
  }

  private Verdict judge(Write write) {
    checkRoom(write.frees());
    synchronized (lock) {
      checkOpen();
      KeyValue current = head.get(write.key());
      boolean expected = isExpected(write.expected(), current);
      boolean changes = expected && (write.value() != null || current != null);
      if (changes) {
        return hasRoom() ? enqueue(write) : new Verdict.NotYet(last());
      }
      if (history.newest().get(write.key()) != current) {
        return new Verdict.NotYet(last());
      }
      return new Verdict.Known(
          expected
              ? new WriteResult.Written(history.newest().revision(), null, null)
              : new WriteResult.Stale(current));
    }
  }

  private static boolean isExpected(long expected, @Nullable KeyValue current) {
    return expected == Write.ANY
        || expected == (current == null ? Write.ABSENT : current.revision());
  }

  private void checkRoom(boolean frees) {
    if (!frees) {
      roomCheck.run();
    }
  }

  /// Does a change that is no write to a key, and waits until it is on disk.
  void submit(Change change) {
    boolean frees = !(change instanceof Change.Grant);
    checkRoom(frees);
    boolean durable = false;
    while (!durable) {
      durable = queued(change, frees).awaitDurable();
    }
  }

  private Pending queued(Change change, boolean frees) {
    while (true) {
      Pending other;
      synchronized (lock) {
        checkOpen();
        if (hasRoom()) {
          return enqueue(change, null, frees, 0);
        }
        other = last();
      }
      other.awaitSettled();
    }
  }

  /// Deletes the keys that are tied to `lease`, and then the lease.
  void endLease(long lease) {
    Map<String, Pending> deletions = new LinkedHashMap<>();
    for (String key : leases.seal(lease)) {
      Pending deletion = deleteTied(key, lease);
      if (deletion != null) {
        deletions.put(key, deletion);
      }
    }
    deletions.forEach(
        (key, first) -> {
          Pending deletion = first;
          while (deletion != null && !deletion.awaitDurable()) {
            deletion = deleteTied(key, lease);
          }
        });
    submit(new Change.Revoke(lease));
  }

  private @Nullable Pending deleteTied(String key, long lease) {
    while (true) {
      Pending other;
      synchronized (lock) {
        checkOpen();
        KeyValue current = head.get(key);
        if (current == null || current.lease() != lease) {
          return null;
        }
        if (hasRoom()) {
          return enqueue(Write.delete(key, current.revision())).pending();
        }
        other = last();
      }
      other.awaitSettled();
    }
  }

  private Verdict.Queued enqueue(Write write) {
    byte[] value = write.value();
    if (value != null && write.lease() != 0) {
      leases.tie(write.key(), write.lease());
    }
    Change.Set change =
        new Change.Set(write.key(), value, value == null ? 0 : write.lease(), write.cause());
    Event event = head.make(change, write.attachment());
    int bytes = write.key().length() + (value == null ? 0 : value.length);
    return new Verdict.Queued(enqueue(change, event, write.frees(), bytes), event);
  }

  private Pending enqueue(Change change, @Nullable Event event, boolean frees, int bytes) {
    Pending pending = new Pending(change, event, frees, world.gate());
    queue.add(pending);
    queuedBytes += bytes + OVERHEAD;
    last = pending;
    onQueued.run();
    return pending;
  }

  private boolean hasRoom() {
    return queuedBytes < ROOM;
  }

  /// The newest change, which has not settled yet if there is anything to wait for.
  private Pending last() {
    return Objects.requireNonNull(last);
  }

  private void checkOpen() {
    if (refusal != null) {
      throw new StoreException(refusal.reason(), refusal.getMessage(), refusal);
    }
  }

  /// All that is queued, or null if nothing is.
  @Nullable Batch take() {
    synchronized (lock) {
      if (queue.isEmpty()) {
        return null;
      }
      Batch batch = new Batch(queue, head.snapshot());
      queue = new ArrayList<>();
      queuedBytes = 0;
      return batch;
    }
  }

  /// `batch` is not on disk: takes it back, and whatever was queued behind it, since that may rest
  /// on it. What frees room and failed only since other changes did not is made anew.
  void takeBack(Batch batch, StoreException failure) {
    List<Pending> behind;
    synchronized (lock) {
      behind = queue;
      queue = new ArrayList<>();
      queuedBytes = 0;
      head = new Head(history.newest());
    }
    boolean full = failure.reason() == Reason.NO_SPACE && !batch.frees();
    batch.pending().forEach(pending -> settle(pending, failure, full));
    behind.forEach(pending -> settle(pending, failure, full));
  }

  private static void settle(Pending pending, StoreException failure, boolean full) {
    if (full && pending.frees()) {
      pending.settleForAnother();
    } else {
      pending.settle(failure);
    }
  }

  /// Refuses all changes from now on. What is queued can still be taken.
  void close(StoreException reason) {
    synchronized (lock) {
      refusal = reason;
    }
  }
}
