package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.store.Cursor;
import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import dev.tiphys.world.Gate;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The objects of one resource, for what is derived from them and looked at far more often than
/// they change. The one that looks brings it up to date first, with [#read]: only what changed is
/// told, and as long as nothing did, it costs a look at a flag. So what is derived is never older
/// than what this process knows.
///
/// Threads: one at a time calls [#read]; any calls [#hasNews].
public final class StateFeed {

  private static final int SLICE = 500;

  private final Supplier<Registry> registry;
  private final Sink sink;
  private final News news = new News();
  private volatile boolean reading;
  private @Nullable Cursor cursor; // null until it is set up, and when history has left it behind

  /// What is told of objects.
  public interface Sink {
    /// All objects that were told of are to be forgotten: what there is is told anew.
    void restart();

    /// An object is new or has changed.
    ///
    /// @param key its namespace and name with a slash between them, or its name alone
    void put(String key, Struct object);

    /// An object is gone.
    void remove(String key);
  }

  /// A flag that the history raises.
  private static final class News implements Gate {
    private volatile boolean raised = true;

    @Override
    public void open() {
      raised = true;
    }

    @Override
    public void await() {
      throw new UnsupportedOperationException("nothing waits here");
    }

    @Override
    public boolean await(Duration limit) {
      throw new UnsupportedOperationException("nothing waits here");
    }
  }

  /// @param registry of the resource; asked once there is something to read
  public StateFeed(Supplier<Registry> registry, Sink sink) {
    this.registry = registry;
    this.sink = sink;
  }

  /// Whether there is something to read, or just being read: then what is derived is not up to date
  /// yet.
  public boolean hasNews() {
    return news.raised || reading; // in this order: reading begins before the flag falls
  }

  /// Tells what has changed.
  ///
  /// @throws dev.tiphys.object.api.ApiException if the store can't be read; then nothing is lost,
  ///   and it can be called again
  public void read() {
    reading = true; // before the flag falls, so that no other thread takes what is old for new
    try {
      while (news.raised) {
        news.raised = false;
        readOnce();
      }
    } finally {
      reading = false;
    }
  }

  private void readOnce() {
    try {
      follow(registry.get().storage());
    } catch (StoreException e) {
      news.raised = true;
      cursor = null;
      if (e.reason() != StoreException.Reason.COMPACTED) {
        throw Storage.refusal(e);
      }
    } catch (RuntimeException e) {
      news.raised = true;
      throw e;
    }
  }

  private void follow(Storage storage) {
    Cursor place = cursor;
    if (place == null) {
      Snapshot snapshot = storage.history().newest();
      sink.restart();
      for (KeyValue record : snapshot.list(storage.prefix(), "", Integer.MAX_VALUE)) {
        tell(storage, record.key(), record);
      }
      place = storage.keyspace().cursor(storage.prefix(), snapshot.revision(), news);
      cursor = place;
    }
    List<Event> events = place.poll(SLICE);
    while (!events.isEmpty()) {
      for (Event event : events) {
        tell(storage, event.key(), event.current());
      }
      events = place.poll(SLICE);
    }
  }

  private void tell(Storage storage, String key, @Nullable KeyValue record) {
    Stored state = record == null ? null : storage.readable(record);
    String id = key.substring(storage.prefix().length());
    if (state == null) {
      sink.remove(id);
    } else {
      sink.put(id, state.object());
    }
  }
}
