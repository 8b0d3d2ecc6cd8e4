package dev.tiphys.store.etcd;

import dev.tiphys.store.Event;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Watch;
import dev.tiphys.store.Watcher;
import dev.tiphys.store.etcd.api.WatchCreateRequest;
import dev.tiphys.store.etcd.api.WatchRequest;
import dev.tiphys.store.etcd.api.WatchResponse;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A watch in etcd, on a stream of its own. When the stream breaks, the watch goes on with another
/// one where it was, unless that fails for too long.
///
/// Threads: [#start] is called first; then [#run] is the task's, and the rest is anybody's.
final class EtcdWatch implements Watch, Runnable {

  private static final System.Logger LOG = System.getLogger(EtcdWatch.class.getName());

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /// How long a watch may be without a stream.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EtcdClient client;
  private final World world;
  private final EtcdKeys.Range range;
  private final Watcher watcher;
  private final Consumer<EtcdWatch> onEnd;
  private final Gate stop;
  private final Object lock = new Object();
  private @Nullable BlockingClientCall<WatchRequest, WatchResponse> stream; // guarded by lock
  private boolean stopped; // guarded by lock
  private @Nullable StoreException end; // guarded by lock

  /// The last revision that the watcher is not to be told of (any more); -1 if that is the one that
  /// is the newest when the watch begins.
  private long told;

  EtcdWatch(
      EtcdClient client,
      World world,
      String prefix,
      long told,
      Watcher watcher,
      Consumer<EtcdWatch> onEnd) {
    this.client = client;
    this.world = world;
    this.range = EtcdKeys.startingWith(prefix);
    this.told = told;
    this.watcher = watcher;
    this.onEnd = onEnd;
    this.stop = world.gate();
  }

  /// Returns when etcd has the watch, so that no later write escapes it.
  void start() {
    try {
      open();
    } catch (StatusException e) {
      throw EtcdErrors.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Reason.UNAVAILABLE, "interrupted while a watch began", e);
    }
  }

  private void open() throws StatusException, InterruptedException {
    BlockingClientCall<WatchRequest, WatchResponse> opened = client.open(EtcdMethods.WATCH);
    synchronized (lock) {
      stream = opened;
      if (stopped) {
        opened.cancel("closed", null);
      }
    }
    try {
      opened.write(WatchRequest.newBuilder().setCreateRequest(createRequest()).build());
    } catch (IllegalStateException e) { // what gRPC says if it was cancelled already
      throw Status.CANCELLED.withCause(e).asException();
    }
    WatchResponse created = opened.read();
    if (created == null || !created.getCreated()) {
      throw Status.UNAVAILABLE.withDescription("the watch was not made").asException();
    }
    if (told < 0) {
      told = created.getHeader().getRevision();
    }
  }

  /// Asks for one revision more than is needed. etcd gives events of the revision it was compacted
  /// to, as far as it still has them; asked like this, it refuses to.
  private WatchCreateRequest createRequest() {
    return WatchCreateRequest.newBuilder()
        .setKey(range.first())
        .setRangeEnd(range.end())
        .setStartRevision(told < 0 ? 0 : Math.max(told, 1))
        .setProgressNotify(true)
        .setPrevKv(true)
        .build();
  }

  @Override
  public void run() {
    try {
      while (!isStopped()) {
        tellUntilBroken();
        reopen();
      }
    } catch (StoreException e) {
      end(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(new StoreException(Reason.UNAVAILABLE, "the watch was interrupted", e));
    }
    onEnd.accept(this);
    StoreException reason;
    synchronized (lock) {
      reason = end;
    }
    if (reason != null) {
      watcher.ended(reason);
    }
  }

  private void tellUntilBroken() throws InterruptedException {
    BlockingClientCall<WatchRequest, WatchResponse> current;
    synchronized (lock) {
      current = Objects.requireNonNull(stream);
    }
    try {
      for (WatchResponse response = current.read(); response != null; response = current.read()) {
        if (response.getCompactRevision() > 0) {
          throw compacted(response.getCompactRevision());
        }
        if (response.getCanceled()) {
          current.cancel("etcd ended the watch", null);
          return;
        }
        tell(response);
      }
    } catch (StatusException e) {
      LOG.log(System.Logger.Level.DEBUG, "the stream of a watch broke", e);
    }
  }

  private StoreException compacted(long revision) {
    return new StoreException(
        Reason.COMPACTED,
        "revision %d is compacted away, the store was compacted to %d"
            .formatted(told + 1, revision));
  }

  private void reopen() throws InterruptedException {
    long broken = world.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (!isStopped()) {
      stop.await(pause);
      try {
        open();
        return;
      } catch (StatusException e) {
        if (world.nanoTime() - broken > PATIENCE.toNanos()) {
          throw EtcdErrors.of(e);
        }
      }
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void tell(WatchResponse response) {
    List<Event> events =
        response.getEventsList().stream()
            .map(EtcdStates::event)
            .filter(event -> event.revision() > told)
            .toList();
    if (!events.isEmpty()) {
      told = events.getLast().revision();
      watcher.happened(events, told);
    } else if (response.getEventsCount() == 0 && response.getHeader().getRevision() > told) {
      told = response.getHeader().getRevision();
      watcher.happened(events, told);
    }
  }

  /// Ends the watch, and tells the watcher.
  void end(StoreException reason) {
    synchronized (lock) {
      if (!stopped) {
        end = reason;
      }
    }
    close();
  }

  @Override
  public void close() {
    BlockingClientCall<WatchRequest, WatchResponse> current;
    synchronized (lock) {
      stopped = true;
      current = stream;
    }
    stop.open();
    if (current != null) {
      current.cancel("closed", null);
    }
  }

  private boolean isStopped() {
    synchronized (lock) {
      return stopped;
    }
  }
}
