package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Selection;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.WatchQuery.Start;
import dev.tiphys.client.WatchEvent.Type;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.store.Cursor;
import dev.tiphys.store.Event;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import dev.tiphys.world.Gate;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A watcher's place in the history of a resource. It pulls what it has not seen whenever it is
/// ready for more: first the objects that exist, if it asked for these, out of one snapshot; then
/// what happened since.
///
/// Errors: every method that reads throws `EXPIRED` if the watcher is so slow that the history no
/// longer reaches back to where it is.
///
/// Threads: one reads; any may close.
public final class WatchCursor implements AutoCloseable {

  /// How many events are taken out of the history at a time.
  private static final int SLICE = 100;

  private final Registry registry;
  private final Storage storage;
  private final Selection selection;
  private final Gate news;
  private final Cursor cursor;
  private final Consumer<WatchCursor> onClose;
  private volatile boolean closed;

  // the reader's
  private @Nullable Iterator<Stored> existing; // null once all that existed has been handed out
  private @Nullable Notice initialEnd;
  private Iterator<Event> slice = List.<Event>of().iterator();

  /// Begins a watch.
  ///
  /// @param news opened when there may be something to read
  /// @param onClose told when the watch is closed
  /// @throws ApiException `EXPIRED` if the query begins at a revision that is no longer known
  static WatchCursor open(
      Registry registry, WatchQuery query, Gate news, Consumer<WatchCursor> onClose) {
    Selection selection = registry.selection(query.namespace(), query.labels(), query.fields());
    Beginning beginning =
        switch (query.start()) {
          case Start.After(long revision) -> new Beginning(revision, null, null);
          case Start.Now() -> new Beginning(registry.storage().newest().revision(), null, null);
          case Start.Existing(var version, boolean marked) -> {
            Snapshot snapshot = registry.snapshot(version);
            yield new Beginning(
                snapshot.revision(),
                registry.states(selection, snapshot),
                marked ? Notice.initialEnd(snapshot.revision()) : null);
          }
        };
    return new WatchCursor(registry, selection, news, beginning, onClose);
  }

  /// Where a watch begins.
  ///
  /// @param after the revision up to which everything is known then
  /// @param existing what is handed out first; null if nothing is
  /// @param initialEnd what is handed out after that; null if nothing is
  private record Beginning(
      long after, @Nullable Iterator<Stored> existing, @Nullable Notice initialEnd) {}

  private WatchCursor(
      Registry registry,
      Selection selection,
      Gate news,
      Beginning beginning,
      Consumer<WatchCursor> onClose) {
    this.registry = registry;
    this.storage = registry.storage();
    this.selection = selection;
    this.onClose = onClose;
    this.news = news;
    this.existing = beginning.existing;
    this.initialEnd = beginning.initialEnd;
    try {
      this.cursor = selection.cursor(beginning.after, news);
    } catch (StoreException e) {
      throw refusal(e, beginning.after);
    }
  }

  /// What holds the objects that are watched.
  Registry registry() {
    return registry;
  }

  /// The next notice; waits for it. Null when the cursor was closed.
  public @Nullable Notice next() throws InterruptedException {
    Notice found = poll();
    while (found == null && !closed) {
      news.await();
      found = poll();
    }
    return found;
  }

  /// Waits until there may be something new: news, the end of the cursor, or a [#wake].
  public void await() throws InterruptedException {
    news.await();
  }

  /// Has the reader return from [#await()], or not wait the next time.
  public void wake() {
    news.open();
  }

  /// The next notice, or null if there is none yet or the cursor was closed.
  public @Nullable Notice poll() {
    Notice first = pollExisting();
    if (first != null) {
      return first;
    }
    while (!closed) {
      while (slice.hasNext()) {
        Notice notice = Change.of(slice.next(), storage).noticeFor(selection::selects);
        if (notice != null) {
          return notice;
        }
      }
      List<Event> more = read();
      if (more.isEmpty()) {
        return null;
      }
      slice = more.iterator();
    }
    return null;
  }

  private @Nullable Notice pollExisting() {
    if (existing != null && existing.hasNext() && !closed) {
      return new Notice(Type.ADDED, existing.next());
    }
    existing = null; // lets the snapshot go
    Notice end = initialEnd;
    initialEnd = null;
    return end;
  }

  /// Whether all objects that existed at the start have been handed out. The reader's.
  public boolean hasToldExisting() {
    return existing == null && initialEnd == null;
  }

  private List<Event> read() {
    long after = cursor.position();
    try {
      return cursor.poll(SLICE);
    } catch (StoreException e) {
      throw refusal(e, after);
    }
  }

  private ApiException refusal(StoreException failure, long after) {
    return failure.reason() == StoreException.Reason.COMPACTED
        ? ApiException.of(
            Reason.EXPIRED,
            "too old resource version: " + after + " (" + storage.history().compacted() + ")")
        : Storage.refusal(failure);
  }

  /// How far the watch has come: everything up to this revision has been handed out. Only good
  /// after [#poll] has returned null.
  public long position() {
    return cursor.position();
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    cursor.close(); // wakes the reader
    onClose.accept(this);
  }
}
