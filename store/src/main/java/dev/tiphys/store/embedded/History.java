package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What can be read: the newest snapshot, and every one back to the last compaction.
///
/// Kept are the event of every revision and a snapshot every [#SPACING] revisions. The snapshots
/// between are made when they are asked for, from the nearest older one and the events since.
///
/// Threads: any may read; one at a time appends.
final class History {

  /// How far apart the kept snapshots are. Closer ones would cost memory, for the nodes that they
  /// do not share; rebuilding from one that is this far away takes about a millisecond.
  static final int SPACING = 1024;

  /// How many rebuilt snapshots are kept, for readers that page through them.
  private static final int REBUILT = 8;

  /// What a state takes in memory beside its bytes: itself, its event, its share of the nodes of
  /// kept snapshots.
  static final int OVERHEAD = 300;

  /// Held throughout a compaction, so that there is one at a time. Taken before `lock`.
  private final Object compacting = new Object();

  private final Object lock = new Object();
  private volatile TreeSnapshot newest;
  private volatile long compacted;

  // guarded by lock
  private final EventLog events;
  private final TreeMap<Long, TreeSnapshot> kept = new TreeMap<>();
  private final Map<Long, TreeSnapshot> rebuilt =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TreeSnapshot> eldest) {
          return size() > REBUILT;
        }
      };
  private long liveBytes;
  private long replacedBytes;

  /// @param compacted the oldest revision that can be read, or 0
  /// @param start the snapshot at that revision
  History(long compacted, TreeSnapshot start) {
    this.compacted = compacted;
    this.newest = start;
    this.events = new EventLog(start.revision() + 1);
    kept.put(start.revision(), start);
    for (KeyValue state : start.list("", "", Integer.MAX_VALUE)) {
      liveBytes += bytes(state);
    }
  }

  /// Nothing has happened yet.
  static History empty() {
    return new History(0, new TreeSnapshot(1, Tree.EMPTY));
  }

  TreeSnapshot newest() {
    return newest;
  }

  long compacted() {
    return compacted;
  }

  /// About how many bytes the newest states take.
  long liveBytes() {
    synchronized (lock) {
      return liveBytes;
    }
  }

  /// About how many bytes it takes to remember states that were replaced.
  long replacedBytes() {
    synchronized (lock) {
      return replacedBytes;
    }
  }

  /// Makes `happened` and the snapshot after them readable.
  void append(List<Event> happened, TreeSnapshot after) {
    synchronized (lock) {
      for (Event event : happened) {
        events.append(event);
        liveBytes += bytes(event.current()) - bytes(event.previous());
        replacedBytes += weight(event);
      }
      if (after.revision() - kept.lastKey() >= SPACING) {
        kept.put(after.revision(), after);
      }
      newest = after;
    }
  }

  /// The events after `revision`, in order: at most `most` of them.
  List<Event> since(long revision, int most) {
    synchronized (lock) {
      if (revision >= newest.revision()) {
        return List.of();
      }
      if (revision + 1 < events.first()) {
        throw compactedAway(revision + 1);
      }
      return events.range(revision + 1, Math.min(newest.revision(), revision + most));
    }
  }

  TreeSnapshot at(long revision) {
    TreeSnapshot start;
    List<Event> since;
    synchronized (lock) {
      checkReadable(revision);
      if (revision == newest.revision()) {
        return newest;
      }
      TreeSnapshot found = rebuilt.get(revision);
      if (found != null) {
        return found;
      }
      Map.Entry<Long, TreeSnapshot> floor = kept.floorEntry(revision);
      if (floor == null) { // before the first write
        return new TreeSnapshot(revision, Tree.EMPTY);
      }
      start = floor.getValue();
      since = events.range(start.revision() + 1, revision);
    }
    TreeSnapshot made = since.isEmpty() ? start : new TreeSnapshot(revision, replay(start, since));
    synchronized (lock) {
      rebuilt.put(revision, made);
    }
    return made;
  }

  private static Tree replay(TreeSnapshot start, List<Event> events) {
    TreeEdit edit = new TreeEdit(start.tree());
    for (Event event : events) {
      KeyValue current = event.current();
      if (current == null) {
        edit.remove(event.key());
      } else {
        edit.put(current);
      }
    }
    return edit.tree();
  }

  /// The oldest snapshot that can be read.
  TreeSnapshot oldest() {
    synchronized (lock) {
      return kept.firstEntry().getValue();
    }
  }

  /// Gives up what was replaced at or before `revision`.
  void compact(long revision) {
    synchronized (compacting) {
      if (revision > compacted) {
        compact(at(revision));
      }
    }
  }

  private void compact(TreeSnapshot oldest) {
    long revision = oldest.revision();
    synchronized (lock) {
      while (events.first() <= revision) {
        replacedBytes -= weight(events.removeFirst());
      }
      kept.headMap(revision).clear();
      kept.put(revision, oldest);
      rebuilt.keySet().removeIf(old -> old < revision);
      compacted = revision;
    }
  }

  /// The revision to compact to, so that no more than `bytes` of replaced states are left.
  long revisionToFit(long bytes) {
    synchronized (lock) {
      long left = replacedBytes;
      long revision = events.first() - 1;
      while (left > bytes && revision < newest.revision()) {
        revision++;
        left -= weight(events.get(revision));
      }
      return revision;
    }
  }

  void checkReadable(long revision) {
    if (revision > newest.revision()) {
      throw new StoreException(
          StoreException.Reason.FUTURE,
          "revision %d is not reached yet, the newest is %d"
              .formatted(revision, newest.revision()));
    }
    if (revision < compacted) {
      throw compactedAway(revision);
    }
  }

  StoreException compactedAway(long revision) {
    return new StoreException(
        StoreException.Reason.COMPACTED,
        "revision %d is compacted away, the store was compacted to %d"
            .formatted(revision, compacted));
  }

  private static long weight(Event event) {
    return OVERHEAD + bytes(event.previous());
  }

  private static long bytes(@Nullable KeyValue state) {
    return state == null ? 0 : state.key().length() + state.value().length;
  }
}
