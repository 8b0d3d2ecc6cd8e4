package dev.tiphys.store;

import dev.tiphys.world.Gate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the states of a [Keyspace] by a word that is computed from each.
///
/// Threads: any.
public interface Index {

  /// The states that have `value` at the revision of `snapshot`, in the order of their keys; others
  /// may be among them, so the caller looks at each.
  ///
  /// Costs about what it returns. Returns null where looking at all states of the snapshot would
  /// cost less: it is too long ago.
  @Nullable List<KeyValue> find(Snapshot snapshot, String value);

  /// As [Keyspace#cursor], but news are only what concerns states that have `value`, or had it
  /// before. Other events may be handed out among these.
  Cursor cursor(String value, String keyPrefix, long after, Gate news);
}
