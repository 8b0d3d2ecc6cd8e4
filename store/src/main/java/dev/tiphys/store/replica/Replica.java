package dev.tiphys.store.replica;

import dev.tiphys.store.Event;
import dev.tiphys.store.History;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Keyspace;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The [History] of an engine, which feeds it.
///
/// Kept are the events of every revision, and a snapshot now and then; the snapshots between are
/// made when they are asked for. The newest events also keep what their readers attached to them.
///
/// Threads: any may read; one at a time feeds. One lock guards all that changes, and is held for
/// copies only; snapshots are read without it.
public final class Replica implements History {

  /// What a state takes in memory beside its bytes: itself, its event, its share of the nodes of
  /// kept snapshots.
  private static final int OVERHEAD = 300;

  /// How many of the newest events keep what was made of them: nearly all readers are this close.
  private static final int WARM = 2048;

  /// Held throughout a compaction, so that there is one at a time. Taken before `lock`.
  private final Object compacting = new Object();

  private final Object lock = new Object();
  private final World world;
  private final Awaiting awaiting;
  private volatile TreeSnapshot newest;
  private volatile long compacted;
  private volatile @Nullable StoreException end;
  private volatile PrefixIndex<EventFeed> feeds = PrefixIndex.empty(); // written under lock

  // guarded by lock
  private EventLog events;
  private Snapshots snapshots;
  private Times times;
  private long liveBytes;
  private long replacedBytes;

  /// @param compacted the oldest revision that can be read, or 0
  /// @param start the snapshot at that revision
  public Replica(World world, long compacted, TreeSnapshot start) {
    this.awaiting = new Awaiting(world);
    this.compacted = compacted;
    this.newest = start;
    this.events = new EventLog(start.revision());
    this.snapshots = new Snapshots(start);
    this.world = world;
    this.times = new Times(world.now());
    this.liveBytes = bytes(start);
  }

  /// Nothing has happened yet.
  public static Replica empty(World world) {
    return new Replica(world, 0, new TreeSnapshot(1, Tree.EMPTY));
  }

  @Override
  public TreeSnapshot newest() {
    return newest;
  }

  @Override
  public long compacted() {
    return compacted;
  }

  @Override
  public boolean await(long revision, Duration limit) throws InterruptedException {
    return awaiting.await(() -> isReached(revision), limit);
  }

  private boolean isReached(long revision) {
    StoreException ended = end;
    if (ended != null) {
      throw again(ended);
    }
    return newest.revision() >= revision;
  }

  @Override
  public TreeSnapshot at(long revision) {
    TreeSnapshot start;
    List<Event> since;
    synchronized (lock) {
      checkReadable(revision);
      if (revision == newest.revision()) {
        return newest;
      }
      start = snapshots.floor(revision);
      if (start == null) { // before the first write
        return new TreeSnapshot(revision, Tree.EMPTY);
      }
      if (start.revision() == revision) {
        return start;
      }
      since = events.range(start.revision(), revision);
    }
    TreeSnapshot made = Snapshots.replay(start, since, revision);
    synchronized (lock) {
      snapshots.addRebuilt(made);
    }
    return made;
  }

  @Override
  public long revisionAt(Instant time) {
    synchronized (lock) {
      long revision = times.revisionAt(time, newest.revision());
      if (revision < compacted) {
        throw new StoreException(
            Reason.COMPACTED,
            "what was there at %s is not known, the store goes back to revision %d"
                .formatted(time, compacted));
      }
      return revision;
    }
  }

  @Override
  public Keyspace keyspace(String prefix) {
    EventFeed known = feeds.find(prefix);
    return known != null ? known : addFeed(prefix);
  }

  private EventFeed addFeed(String prefix) {
    synchronized (lock) {
      EventFeed known = feeds.find(prefix);
      if (known != null) {
        return known;
      }
      EventFeed feed = new EventFeed(this, lock, prefix, events);
      feeds = feeds.with(prefix, feed);
      return feed;
    }
  }

  /// Makes `happened` and the snapshot after them readable.
  public void append(List<Event> happened, TreeSnapshot after) {
    Woken woken = new Woken();
    synchronized (lock) {
      times.add(world.now(), newest.revision());
      int coolFrom = Math.max(events.size() - WARM, 0);
      for (Event event : happened) {
        events.append(event);
        liveBytes += bytes(event.current()) - bytes(event.previous());
        replacedBytes += weight(event);
      }
      for (int i = coolFrom; i < events.size() - WARM; i++) {
        events.get(i).cool();
      }
      snapshots.add(after);
      newest = after;
      for (Event event : happened) {
        feeds.forEachPrefixOf(event.key(), feed -> feed.append(event, woken));
      }
    }
    woken.wake();
    awaiting.wake();
  }

  /// Goes on from another snapshot: what happened in between is not known. All cursors end.
  public void restart(TreeSnapshot from) {
    Woken woken = new Woken();
    synchronized (lock) {
      events = new EventLog(from.revision());
      snapshots = new Snapshots(from);
      times = new Times(world.now());
      liveBytes = bytes(from);
      replacedBytes = 0;
      compacted = from.revision();
      newest = from;
      feeds.all().forEach(feed -> feed.restart(from, woken));
    }
    woken.wake();
    awaiting.wake();
  }

  /// Ends all cursors for `reason`. What can be read stays.
  public void end(StoreException reason) {
    Woken woken = new Woken();
    synchronized (lock) {
      end = reason;
      feeds.all().forEach(feed -> feed.end(woken));
    }
    woken.wake();
    awaiting.wake();
  }

  /// Why all cursors ended; null while they have not.
  @Nullable StoreException ended() {
    StoreException reason = end;
    return reason == null ? null : again(reason);
  }

  private static StoreException again(StoreException reason) {
    return new StoreException(reason.reason(), reason.getMessage(), reason);
  }

  /// The oldest snapshot that can be read.
  public TreeSnapshot oldest() {
    synchronized (lock) {
      return snapshots.oldest();
    }
  }

  /// Gives up what was replaced at or before `revision`.
  public void compact(long revision) {
    synchronized (compacting) {
      if (revision > compacted) {
        compact(at(revision));
      }
    }
  }

  private void compact(TreeSnapshot oldest) {
    long revision = oldest.revision();
    synchronized (lock) {
      int replaced = events.after(revision);
      for (int i = 0; i < replaced; i++) {
        replacedBytes -= weight(events.get(i));
      }
      events.dropUpTo(revision);
      snapshots.dropBefore(oldest);
      times.dropBefore(revision);
      compacted = revision;
      feeds.all().forEach(feed -> feed.dropUpTo(revision));
    }
  }

  /// The revision to compact to, so that no more than `bytes` of replaced states are left.
  long revisionToFit(long bytes) {
    synchronized (lock) {
      long left = replacedBytes;
      long revision = events.floor();
      for (int i = 0; left > bytes && i < events.size(); i++) {
        revision = events.get(i).revision();
        left -= weight(events.get(i));
      }
      return revision;
    }
  }

  /// About how many bytes the newest states take.
  public long liveBytes() {
    synchronized (lock) {
      return liveBytes;
    }
  }

  /// About how many bytes it takes to remember states that were replaced.
  public long replacedBytes() {
    synchronized (lock) {
      return replacedBytes;
    }
  }

  /// @throws StoreException `COMPACTED` or `FUTURE`
  public void checkReadable(long revision) {
    if (revision > newest.revision()) {
      throw new StoreException(
          Reason.FUTURE,
          "revision %d is not reached yet, the newest is %d"
              .formatted(revision, newest.revision()));
    }
    if (revision < compacted) {
      throw compactedAway(revision);
    }
  }

  StoreException compactedAway(long revision) {
    return new StoreException(
        Reason.COMPACTED,
        "revision %d is compacted away, the store was compacted to %d"
            .formatted(revision, compacted));
  }

  private static long weight(Event event) {
    return OVERHEAD + bytes(event.previous());
  }

  private static long bytes(TreeSnapshot snapshot) {
    long bytes = 0;
    for (KeyValue state : snapshot.list("", "", Integer.MAX_VALUE)) {
      bytes += bytes(state);
    }
    return bytes;
  }

  private static long bytes(@Nullable KeyValue state) {
    return state == null ? 0 : state.key().length() + state.value().length;
  }
}
