package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Storage;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.client.WatchEvent.Type;
import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Watch;
import dev.tiphys.store.Watcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Follows one resource in the store and tells everybody who watches it.
///
/// The newest changes are kept, so that a watch that begins a little in the past costs nothing; who
/// begins earlier is told the rest by the store.
///
/// Threads: any.
public final class Broadcaster implements AutoCloseable {

  private static final int KEPT = 512;

  private final Registry registry;
  private final Storage storage;
  private final Store store;
  private final Object lock = new Object();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Queue<Change> recent = new ArrayDeque<>();
  private @Nullable Watch watch;
  private long recentAfter;
  private volatile long position;

  public Broadcaster(Registry registry) {
    this.registry = registry;
    this.storage = registry.storage();
    this.store = storage.store();
  }

  /// Begins to tell `sink` what the query selects.
  ///
  /// @throws ApiException `EXPIRED` if the query begins at a revision that is no longer known
  public Subscription subscribe(WatchQuery query, WatchSink sink) {
    Subscription.Filter filter =
        object -> registry.selecting().matches(object, query.labels(), query.fields());
    Subscription subscription =
        new Subscription(this, storage.prefix(query.namespace()), filter, sink);
    try {
      follow();
      switch (query.start()) {
        case WatchQuery.Start.After(long revision) -> join(subscription, revision);
        case WatchQuery.Start.Existing(boolean marked) ->
            joinWithExisting(subscription, query.namespace(), marked);
      }
    } catch (StoreException e) {
      subscription.close();
      throw refusal(e, query);
    }
    return subscription;
  }

  private ApiException refusal(StoreException failure, WatchQuery query) {
    if (failure.reason() == StoreException.Reason.COMPACTED
        && query.start() instanceof WatchQuery.Start.After(long revision)) {
      return ApiException.of(
          Reason.EXPIRED,
          "too old resource version: " + revision + " (" + store.compactedRevision() + ")");
    }
    return Storage.refusal(failure);
  }

  /// Follows the store from its present revision on, if that is not done yet.
  private void follow() {
    synchronized (lock) {
      if (watch == null) {
        long now = store.revision();
        position = now;
        recentAfter = now;
        recent.clear();
        watch = store.watch(storage.prefix(), now + 1, new Follower());
      }
    }
  }

  private void join(Subscription subscription, long revision) {
    subscription.startAfter(revision);
    List<Change> missed = null;
    long reached;
    synchronized (lock) {
      reached = position;
      subscriptions.add(subscription);
      if (revision >= recentAfter) {
        missed = new ArrayList<>(recent);
      }
    }
    if (missed != null) {
      missed.forEach(subscription::caughtUp);
      subscription.live();
    } else {
      new CatchUp(subscription, reached).start(revision + 1);
    }
  }

  private void joinWithExisting(Subscription subscription, String namespace, boolean marked) {
    Snapshot snapshot = store.snapshot();
    subscription.startAfter(snapshot.revision());
    synchronized (lock) {
      subscriptions.add(subscription);
    }
    for (KeyValue record : snapshot.list(storage.prefix(namespace), "", Integer.MAX_VALUE)) {
      subscription.exists(new Notice(Type.ADDED, storage.stored(record)));
    }
    if (marked) {
      subscription.initialEnd(snapshot.revision());
    }
    subscription.live();
  }

  void remove(Subscription subscription) {
    subscriptions.remove(subscription);
  }

  /// Everything up to this revision has been told to those who are not catching up.
  long position() {
    return position;
  }

  /// How many watch this resource.
  public int size() {
    return subscriptions.size();
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (watch != null) {
        watch.close();
      }
    }
  }

  /// Hears what happens now.
  private final class Follower implements Watcher {
    @Override
    public void happened(List<Event> events, long revision) {
      List<Change> changes = new ArrayList<>(events.size());
      for (Event event : events) {
        changes.add(new Change(event, storage));
      }
      synchronized (lock) {
        for (Change change : changes) {
          if (recent.size() == KEPT) {
            recentAfter = recent.remove().revision();
          }
          recent.add(change);
        }
        position = revision;
      }
      for (Change change : changes) {
        for (Subscription subscription : subscriptions) {
          subscription.happened(change);
        }
      }
    }

    @Override
    public void ended(StoreException reason) {
      synchronized (lock) {
        watch = null;
      }
      ApiException refusal = Storage.refusal(reason);
      for (Subscription subscription : subscriptions) {
        subscription.end(refusal);
      }
      subscriptions.clear();
    }
  }

  /// Tells one subscriber of the past, up to where the others are.
  private final class CatchUp implements Watcher {
    private final Subscription subscription;
    private final long target;
    private volatile @Nullable Watch past;
    private volatile boolean finished;

    CatchUp(Subscription subscription, long target) {
      this.subscription = subscription;
      this.target = target;
    }

    void start(long from) {
      Watch started = store.watch(storage.prefix(), from, this);
      past = started;
      if (finished) {
        started.close();
      }
    }

    @Override
    public void happened(List<Event> events, long revision) {
      if (finished) {
        return;
      }
      for (Event event : events) {
        if (event.revision() <= target) {
          subscription.caughtUp(new Change(event, storage));
        }
      }
      if (revision >= target) {
        finished = true;
        subscription.live();
        Watch started = past;
        if (started != null) {
          started.close();
        }
      }
    }

    @Override
    public void ended(StoreException reason) {
      if (!finished) {
        remove(subscription);
        subscription.end(Storage.refusal(reason));
      }
    }
  }
}
