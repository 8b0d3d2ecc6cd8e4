package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import java.util.ArrayList;
import java.util.List;

/// The events of the last revisions, one for each, in order.
///
/// Threads: guarded by its owner.
final class EventLog {

  private static final int SMALLEST = 64;

  /// A ring: the event of revision `first + i` is at `(start + i) % ring.length`.
  private Event[] ring = new Event[SMALLEST];

  private int start;
  private int size;
  private long first;

  /// @param first the revision of the first event to come
  EventLog(long first) {
    this.first = first;
  }

  /// The revision of the oldest event; if there is none, of the next one.
  long first() {
    return first;
  }

  void append(Event event) {
    if (event.revision() != first + size) {
      throw new IllegalArgumentException("a gap before revision " + event.revision());
    }
    if (size == ring.length) {
      resize(size * 2);
    }
    ring[(start + size) & (ring.length - 1)] = event;
    size++;
  }

  Event get(long revision) {
    return ring[(start + (int) (revision - first)) & (ring.length - 1)];
  }

  /// The events from revision `from` to revision `to`, both included.
  List<Event> range(long from, long to) {
    List<Event> events = new ArrayList<>((int) (to - from) + 1);
    for (long revision = from; revision <= to; revision++) {
      events.add(get(revision));
    }
    return events;
  }

  /// Takes out the oldest event.
  @SuppressWarnings("NullAway") // an empty place of the ring is never read
  Event removeFirst() {
    Event removed = ring[start];
    ring[start] = null;
    start = (start + 1) & (ring.length - 1);
    size--;
    first++;
    if (size < ring.length / 4 && ring.length > SMALLEST) {
      resize(ring.length / 2);
    }
    return removed;
  }

  private void resize(int length) {
    Event[] resized = new Event[length];
    for (int i = 0; i < size; i++) {
      resized[i] = ring[(start + i) & (ring.length - 1)];
    }
    ring = resized;
    start = 0;
  }
}
