package dev.tiphys.store.replica;

import dev.tiphys.store.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Some snapshots of a history, from which those between them can be made.
///
/// Threads: guarded by its owner.
final class Snapshots {

  /// How far apart the kept snapshots are. Closer ones would cost memory, for the nodes that they
  /// do not share; rebuilding from one that is this far away takes about a millisecond.
  static final int SPACING = 1024;

  /// How many rebuilt snapshots are kept, for readers that page through them.
  private static final int REBUILT = 8;

  private final TreeMap<Long, TreeSnapshot> kept = new TreeMap<>();
  private final Map<Long, TreeSnapshot> rebuilt =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TreeSnapshot> eldest) {
          return size() > REBUILT;
        }
      };

  Snapshots(TreeSnapshot start) {
    kept.put(start.revision(), start);
  }

  /// Keeps a snapshot that is newer than all others, if it is time for one.
  void add(TreeSnapshot newest) {
    if (newest.revision() - kept.lastKey() >= SPACING) {
      kept.put(newest.revision(), newest);
    }
  }

  void addRebuilt(TreeSnapshot made) {
    rebuilt.put(made.revision(), made);
  }

  /// The newest one that is here and not newer than `revision`; null if all are.
  @Nullable TreeSnapshot floor(long revision) {
    TreeSnapshot exact = rebuilt.get(revision);
    if (exact != null) {
      return exact;
    }
    Map.Entry<Long, TreeSnapshot> floor = kept.floorEntry(revision);
    return floor == null ? null : floor.getValue();
  }

  TreeSnapshot oldest() {
    return kept.firstEntry().getValue();
  }

  /// Gives up all that are older than `oldest`, which is kept.
  void dropBefore(TreeSnapshot oldest) {
    kept.headMap(oldest.revision()).clear();
    kept.put(oldest.revision(), oldest);
    rebuilt.keySet().removeIf(old -> old < oldest.revision());
  }

  /// The snapshot at `revision`, which is `start` with all that happened since.
  static TreeSnapshot replay(TreeSnapshot start, List<Event> since, long revision) {
    if (since.isEmpty()) {
      return start.revision() == revision ? start : new TreeSnapshot(revision, start.tree());
    }
    TreeEdit edit = new TreeEdit(start.tree());
    since.forEach(edit::apply);
    return new TreeSnapshot(revision, edit.tree());
  }
}
