package dev.tiphys.store.replica;

import dev.tiphys.store.Cursor;
import dev.tiphys.store.Event;
import dev.tiphys.store.Index;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Keyspace;
import dev.tiphys.store.StoreException;
import dev.tiphys.world.Gate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The events of the keys that start with one prefix, and the cursors that read them.
///
/// Threads: any thread calls the methods of [Keyspace] and [#poll], which take the history's lock;
/// the others are called with that lock held.
final class EventFeed implements Keyspace {

  private final Replica replica;
  private final Object lock;
  private final String prefix;

  // guarded by lock
  private EventLog log;
  private final Readers readers = new Readers();
  private final Map<String, ValueIndex> indexes =
      new LinkedHashMap<>(8, 0.75f, true); // the one asked for longest ago comes first

  /// @param all the events of all keys
  EventFeed(Replica replica, Object lock, String prefix, EventLog all) {
    this.replica = replica;
    this.lock = lock;
    this.prefix = prefix;
    this.log = new EventLog(all.floor());
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).key().startsWith(prefix)) {
        log.append(all.get(i));
      }
    }
  }

  void append(Event event, Woken woken) {
    log.append(event);
    readers.wake(event, woken);
    for (ValueIndex index : indexes.values()) {
      index.append(event, woken);
    }
  }

  void restart(TreeSnapshot from, Woken woken) {
    log = new EventLog(from.revision());
    readers.wakeAll(woken);
    for (ValueIndex index : indexes.values()) {
      index.restart(from.list(prefix, "", Integer.MAX_VALUE), woken);
    }
  }

  void end(Woken woken) {
    readers.wakeAll(woken);
    indexes.values().forEach(index -> index.wakeAll(woken));
  }

  void dropUpTo(long revision) {
    log.dropUpTo(revision);
  }

  @Override
  public Cursor cursor(String keyPrefix, long after, Gate news) {
    synchronized (lock) {
      FeedCursor cursor = new FeedCursor(this, readers, () -> {}, keyPrefix, after, news);
      checkReadable(cursor);
      return cursor;
    }
  }

  /// As [#cursor], of a value of an index.
  Cursor cursor(ValueIndex index, String value, String keyPrefix, long after, Gate news) {
    synchronized (lock) {
      if (index.isDropped()) {
        return cursor(keyPrefix, after, news);
      }
      Readers joined = index.join(value);
      FeedCursor cursor =
          new FeedCursor(this, joined, () -> index.part(value), keyPrefix, after, news);
      try {
        checkReadable(cursor);
      } catch (StoreException e) {
        close(cursor);
        throw e;
      }
      return cursor;
    }
  }

  private void checkReadable(FeedCursor cursor) {
    StoreException ended = replica.ended();
    if (ended != null) {
      throw ended;
    }
    if (cursor.position < log.floor()) {
      throw replica.compactedAway(cursor.position + 1);
    }
  }

  List<Event> poll(FeedCursor cursor, int most) {
    synchronized (lock) {
      if (cursor.closed || cursor.isIdle() && replica.ended() == null) {
        return List.of();
      }
      checkReadable(cursor);
      List<Event> found = new ArrayList<>();
      int at = log.after(cursor.position);
      while (at < log.size()
          && (found.size() < most || log.get(at).revision() == cursor.position)) {
        Event event = log.get(at);
        cursor.position = event.revision();
        if (event.key().startsWith(cursor.keyPrefix)) {
          found.add(event);
        }
        at++;
      }
      if (at == log.size()) {
        cursor.readers.addIdle(cursor);
      }
      return found;
    }
  }

  @Override
  public List<Event> events(String key) {
    synchronized (lock) {
      List<Event> found = new ArrayList<>();
      for (int i = 0; i < log.size(); i++) {
        if (log.get(i).key().equals(key)) {
          found.add(log.get(i));
        }
      }
      return found;
    }
  }

  long position(FeedCursor cursor) {
    synchronized (lock) {
      return cursor.isIdle()
          ? Math.max(cursor.position, replica.newest().revision())
          : cursor.position;
    }
  }

  void close(FeedCursor cursor) {
    synchronized (lock) {
      if (!cursor.closed) {
        cursor.closed = true;
        cursor.readers.remove(cursor);
        cursor.onClose.run();
      }
    }
  }

  @Override
  public @Nullable Index index(String name, Function<KeyValue, @Nullable String> value) {
    synchronized (lock) {
      ValueIndex known = indexes.get(name);
      if (known != null || indexes.size() == INDEXES && !dropUnused()) {
        return known;
      }
      ValueIndex made = new ValueIndex(this, value);
      made.restart(replica.newest().list(prefix, "", Integer.MAX_VALUE), new Woken());
      indexes.put(name, made);
      return made;
    }
  }

  /// Makes room for one more index, if there is one that no cursor uses.
  private boolean dropUnused() {
    for (ValueIndex index : indexes.values()) {
      if (!index.isUsed()) {
        index.drop();
        return indexes.values().remove(index);
      }
    }
    return false;
  }

  /// The keys in `known`, and those that were written to after `revision`; null if the latter are
  /// not all known any more, or if looking at each of so many would take longer than looking at
  /// all.
  @Nullable List<String> candidates(ValueIndex index, String value, TreeSnapshot snapshot) {
    synchronized (lock) {
      int from = log.after(snapshot.revision());
      int later = log.size() - from;
      List<String> keys = index.keys(value);
      long worthwhile = Math.max(64, snapshot.count(prefix, "") / 8);
      if (index.isDropped()
          || snapshot.revision() < log.floor()
          || keys.size() + later > worthwhile) {
        return null;
      }
      for (int i = from; i < log.size(); i++) {
        keys.add(log.get(i).key());
      }
      return keys;
    }
  }
}
