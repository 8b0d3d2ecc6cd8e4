package dev.tiphys.store.replica;

import dev.tiphys.store.Event;
import java.util.ArrayList;
import java.util.List;

/// The idle ones among cursors that want to hear of the same events. Those that are busy come upon
/// new events by themselves.
///
/// Threads: guarded by the history's lock.
final class Readers {

  private final List<FeedCursor> idle = new ArrayList<>(0);

  boolean isEmpty() {
    return idle.isEmpty();
  }

  void addIdle(FeedCursor cursor) {
    if (!cursor.isIdle()) {
      cursor.idlePlace = idle.size();
      idle.add(cursor);
    }
  }

  /// Costs the same however many there are: the last one takes the place.
  void remove(FeedCursor cursor) {
    if (cursor.isIdle()) {
      FeedCursor last = idle.removeLast();
      if (last != cursor) {
        idle.set(cursor.idlePlace, last);
        last.idlePlace = cursor.idlePlace;
      }
      cursor.idlePlace = FeedCursor.BUSY;
    }
  }

  void wake(Event event, Woken woken) {
    for (int i = idle.size() - 1; i >= 0; i--) {
      FeedCursor cursor = idle.get(i);
      if (event.revision() > cursor.position && event.key().startsWith(cursor.keyPrefix)) {
        remove(cursor);
        cursor.position = event.revision() - 1;
        woken.add(cursor.news);
      }
    }
  }

  void wakeAll(Woken woken) {
    while (!idle.isEmpty()) {
      FeedCursor cursor = idle.getLast();
      remove(cursor);
      woken.add(cursor.news);
    }
  }
}
