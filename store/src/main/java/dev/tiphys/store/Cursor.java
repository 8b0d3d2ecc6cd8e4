package dev.tiphys.store;

import java.util.List;

/// A reader's place in a [History]. It holds a revision and no events, so a reader that falls
/// behind costs nothing, and holds nothing up: it is told that what it has not read is gone.
///
/// Threads: one reads; any may close.
public interface Cursor extends AutoCloseable {

  /// The next events, in the order of their revisions, none left out and none twice; empty if there
  /// are none yet. All events of one revision come together.
  ///
  /// @param most about how many at the most
  /// @throws StoreException `COMPACTED` if the history no longer reaches back to where the cursor
  ///   is, `CLOSED` if the store was closed
  List<Event> poll(int most);

  /// The revision up to which everything that concerns the cursor has been handed out.
  long position();

  /// Ends the cursor: nothing is handed out any more.
  @Override
  void close();
}
