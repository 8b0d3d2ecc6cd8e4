package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.store.replica.TreeSnapshot;
import java.util.ArrayList;
import java.util.List;

/// Changes that reach the disk, and are then seen, together.
///
/// @param pending the changes, in order
/// @param after the whole store after them
record Batch(List<Pending> pending, TreeSnapshot after) {

  List<Change> changes() {
    return pending.stream().map(Pending::change).toList();
  }

  /// Whether there will be more room after all of them.
  boolean frees() {
    return pending.stream().allMatch(Pending::frees);
  }

  List<Event> events() {
    List<Event> events = new ArrayList<>(pending.size());
    for (Pending one : pending) {
      if (one.event() != null) {
        events.add(one.event());
      }
    }
    return events;
  }

  /// The revision of the first event, or, if there is none, of the next one to come.
  long firstRevision() {
    return after.revision() + 1 - events().size();
  }
}
