package dev.tiphys.store.replica;

import dev.tiphys.store.Event;
import java.util.ArrayList;
import java.util.List;

/// Events in the order of their revisions, without gaps: every one after a revision, the floor.
///
/// Several events may share a revision, and revisions may be missing whose events are kept
/// elsewhere. Positions count from the oldest event that is still here.
///
/// Threads: guarded by its owner.
final class EventLog {

  private static final int SMALLEST = 16;

  /// A ring: the event at position i is in `(start + i) % ring.length`.
  private Event[] ring = new Event[SMALLEST];

  private int start;
  private int size;
  private long floor;

  /// @param floor the revision after which every event will be here
  EventLog(long floor) {
    this.floor = floor;
  }

  /// The revision after which every event is here.
  long floor() {
    return floor;
  }

  int size() {
    return size;
  }

  void append(Event event) {
    long last = size == 0 ? floor + 1 : get(size - 1).revision();
    if (event.revision() < last) {
      throw new IllegalArgumentException(event + " comes after revision " + last);
    }
    if (size == ring.length) {
      resize(size * 2);
    }
    ring[(start + size) & (ring.length - 1)] = event;
    size++;
  }

  Event get(int position) {
    return ring[(start + position) & (ring.length - 1)];
  }

  /// The position of the first event with a greater revision; the size if there is none.
  int after(long revision) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).revision() <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The events after revision `after`, up to revision `last`, which is included.
  List<Event> range(long after, long last) {
    int from = after(after);
    int to = after(last);
    List<Event> events = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      events.add(get(i));
    }
    return events;
  }

  /// Takes out the events up to `revision`, which is the floor from now on.
  @SuppressWarnings("NullAway") // an empty place of the ring is never read
  void dropUpTo(long revision) {
    while (size > 0 && get(0).revision() <= revision) {
      ring[start] = null;
      start = (start + 1) & (ring.length - 1);
      size--;
    }
    floor = Math.max(floor, revision);
    int length = ring.length;
    while (size < length / 4 && length > SMALLEST) {
      length /= 2;
    }
    if (length < ring.length) {
      resize(length);
    }
  }

  private void resize(int length) {
    Event[] resized = new Event[length];
    for (int i = 0; i < size; i++) {
      resized[i] = get(i);
    }
    ring = resized;
    start = 0;
  }
}
