package dev.tiphys.store.replica;

import dev.tiphys.store.Cursor;
import dev.tiphys.store.Event;
import dev.tiphys.store.Index;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.world.Gate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An [Index] over an [EventFeed]. It knows which keys have a value at the newest revision; what
/// has it at an older one is among these and the keys that were written to since.
///
/// Threads: any thread calls the methods of [Index]; the others are called with the history's lock
/// held.
final class ValueIndex implements Index {

  private static final System.Logger LOG = System.getLogger(ValueIndex.class.getName());

  private final EventFeed feed;
  private final Function<KeyValue, @Nullable String> value;
  private final Map<String, Bucket> buckets = new HashMap<>(); // guarded by the history's lock

  private int cursors; // guarded by the history's lock
  private boolean dropped; // guarded by the history's lock

  /// What there is for one value.
  private static final class Bucket {
    final Set<String> keys = new HashSet<>(2);
    final Readers readers = new Readers();

    /// Cursors that are not closed, be they idle or busy.
    int cursors;

    boolean isEmpty() {
      return keys.isEmpty() && cursors == 0;
    }
  }

  ValueIndex(EventFeed feed, Function<KeyValue, @Nullable String> value) {
    this.feed = feed;
    this.value = value;
  }

  void append(Event event, Woken woken) {
    KeyValue current = event.current();
    KeyValue previous = event.previous();
    String now = current == null ? null : valueOf(current);
    String before = previous == null ? null : valueOf(previous);
    if (before != null && !before.equals(now)) {
      leave(before, event, woken);
    }
    if (now != null) {
      Bucket bucket = buckets.computeIfAbsent(now, _ -> new Bucket());
      if (!now.equals(before)) {
        bucket.keys.add(event.key());
      }
      bucket.readers.wake(event, woken);
    }
  }

  private void leave(String before, Event event, Woken woken) {
    Bucket left = buckets.get(before);
    if (left != null) {
      left.keys.remove(event.key());
      left.readers.wake(event, woken);
      dropIfEmpty(before, left);
    }
  }

  private @Nullable String valueOf(KeyValue state) {
    try {
      return value.apply(state);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a state has no value in an index", e);
      return null;
    }
  }

  private void dropIfEmpty(String of, Bucket bucket) {
    if (bucket.isEmpty()) {
      buckets.remove(of);
    }
  }

  /// Begins anew with these states.
  void restart(List<KeyValue> states, Woken woken) {
    wakeAll(woken);
    for (Bucket bucket : buckets.values()) {
      bucket.keys.clear();
    }
    for (KeyValue state : states) {
      String found = valueOf(state);
      if (found != null) {
        buckets.computeIfAbsent(found, _ -> new Bucket()).keys.add(state.key());
      }
    }
    buckets.values().removeIf(Bucket::isEmpty);
  }

  void wakeAll(Woken woken) {
    buckets.values().forEach(bucket -> bucket.readers.wakeAll(woken));
  }

  /// A new list of the keys that have a value.
  List<String> keys(String of) {
    Bucket bucket = buckets.get(of);
    return bucket == null ? new ArrayList<>() : new ArrayList<>(bucket.keys);
  }

  @Override
  public @Nullable List<KeyValue> find(Snapshot snapshot, String of) {
    List<String> candidates = feed.candidates(this, of, (TreeSnapshot) snapshot);
    if (candidates == null) {
      return null;
    }
    return new TreeSet<>(candidates).stream().map(snapshot::get).filter(Objects::nonNull).toList();
  }

  @Override
  public Cursor cursor(String of, String keyPrefix, long after, Gate news) {
    return feed.cursor(this, of, keyPrefix, after, news);
  }

  /// Whether any cursor gets its news from here.
  boolean isUsed() {
    return cursors > 0;
  }

  /// Is kept up no more.
  void drop() {
    dropped = true;
    buckets.clear();
  }

  boolean isDropped() {
    return dropped;
  }

  /// The readers of a value, with one more cursor among them.
  Readers join(String of) {
    Bucket bucket = buckets.computeIfAbsent(of, _ -> new Bucket());
    bucket.cursors++;
    cursors++;
    return bucket.readers;
  }

  void part(String of) {
    Bucket bucket = buckets.get(of);
    if (bucket != null) {
      bucket.cursors--;
      cursors--;
      dropIfEmpty(of, bucket);
    }
  }
}
