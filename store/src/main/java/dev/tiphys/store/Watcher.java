package dev.tiphys.store;

import java.util.List;

/// Who is told of writes. See [Store#watch].
///
/// Threads: called by one thread at a time, one of the store's own. A watcher must not wait and
/// must not call back into the store's writing methods.
public interface Watcher {

  /// These writes happened.
  ///
  /// @param events in the order of their revisions; may be empty when only the revision moved
  /// @param revision everything up to this revision has now been told
  void happened(List<Event> events, long revision);

  /// The watch is over, for a reason that did not come from the caller: `COMPACTED` if the watcher
  /// is told of the past and that past is gone, `CLOSED` if the store was closed, `UNAVAILABLE`.
  void ended(StoreException reason);
}
