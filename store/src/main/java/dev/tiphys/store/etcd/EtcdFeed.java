package dev.tiphys.store.etcd;

import dev.tiphys.store.Event;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.etcd.api.WatchCreateRequest;
import dev.tiphys.store.etcd.api.WatchRequest;
import dev.tiphys.store.etcd.api.WatchResponse;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.store.replica.Tree;
import dev.tiphys.store.replica.TreeEdit;
import dev.tiphys.store.replica.TreeSnapshot;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Feeds a [Replica] with what happens in etcd, by one watch of all keys. Since every revision
/// writes to some key, the replica always comes to any revision that etcd has told of.
///
/// When the stream breaks, it goes on with another one where it was. When etcd no longer knows what
/// came after that, the replica begins anew, and cursors learn that they missed something.
///
/// Threads: one task feeds; the rest may be called by any.
final class EtcdFeed {

  private static final System.Logger LOG = System.getLogger(EtcdFeed.class.getName());

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final EtcdClient client;
  private final World world;
  private final Runnable onGrown;
  private final Gate stop;
  private final CountDownLatch loaded = new CountDownLatch(1);
  private volatile @Nullable Replica replica; // written by the task, before `loaded`
  private volatile @Nullable StoreException failure; // of the last attempt, for messages
  private volatile boolean closed;
  private volatile @Nullable BlockingClientCall<WatchRequest, WatchResponse> stream;
  private final SupervisedTask task;

  /// @param onGrown called after the replica has grown
  EtcdFeed(EtcdClient client, World world, Runnable onGrown) {
    this.client = client;
    this.world = world;
    this.onGrown = onGrown;
    this.stop = world.gate();
    this.task = world.supervisor().task("etcd feed", OnFailure.RESTART);
    task.start(this::run);
  }

  /// The replica, once it has been loaded.
  ///
  /// @throws StoreException `UNAVAILABLE` if etcd does not answer for `limit`
  Replica replica(Duration limit) {
    Replica known = replica;
    return known != null ? known : awaitLoaded(limit);
  }

  private Replica awaitLoaded(Duration limit) {
    try {
      boolean _ = loaded.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Reason.UNAVAILABLE, "interrupted while waiting for etcd", e);
    }
    Replica made = replica;
    if (made != null) {
      return made;
    }
    StoreException cause = failure;
    throw new StoreException(
        Reason.UNAVAILABLE,
        "etcd could not be read yet" + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }

  private void run() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try {
        Replica current = replica;
        follow(current == null ? load() : current);
        pause = FIRST_PAUSE;
      } catch (StoreException | StatusException e) {
        note(e);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
      stop.await(pause);
    }
  }

  private void note(Exception e) {
    StoreException noted =
        e instanceof StoreException known ? known : EtcdErrors.of((StatusException) e);
    failure = noted;
    if (!closed) {
      task.problem("etcd can't be followed: " + noted.getMessage());
    }
  }

  private Replica load() {
    EtcdLoad.Loaded read = new EtcdLoad(client).load();
    Replica made = new Replica(world, read.compacted(), read.snapshot());
    replica = made;
    loaded.countDown();
    return made;
  }

  private void follow(Replica current) throws StatusException, InterruptedException {
    try {
      open(current.newest().revision() + 1);
      tellUntilBroken(current);
    } catch (StoreException e) {
      if (e.reason() != Reason.COMPACTED) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, "etcd was compacted beyond what is known here", e);
      current.restart(new EtcdLoad(client).load().snapshot());
    }
  }

  private void open(long fromRevision) throws StatusException, InterruptedException {
    BlockingClientCall<WatchRequest, WatchResponse> opened = client.open(EtcdMethods.WATCH);
    stream = opened;
    if (closed) {
      opened.cancel("closed", null);
    }
    EtcdKeys.Range all = EtcdKeys.startingWith("");
    try {
      opened.write(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(all.first())
                      .setRangeEnd(all.end())
                      .setStartRevision(fromRevision))
              .build());
    } catch (IllegalStateException e) { // what gRPC says if it was cancelled already
      throw Status.CANCELLED.withCause(e).asException();
    }
  }

  private void tellUntilBroken(Replica current) throws StatusException, InterruptedException {
    BlockingClientCall<WatchRequest, WatchResponse> reading = stream;
    if (reading == null) {
      return;
    }
    for (WatchResponse response = reading.read(); response != null; response = reading.read()) {
      if (failure != null) {
        failure = null;
        task.problem("");
      }
      if (response.getCompactRevision() > 0) {
        throw new StoreException(
            Reason.COMPACTED, "etcd was compacted to " + response.getCompactRevision());
      }
      if (response.getCanceled()) {
        reading.cancel("etcd ended the watch", null);
        return;
      }
      tell(current, response);
    }
  }

  private void tell(Replica current, WatchResponse response) {
    TreeSnapshot before = current.newest();
    TreeEdit edit = new TreeEdit(before.tree());
    List<Event> events = new ArrayList<>(response.getEventsCount());
    for (dev.tiphys.store.etcd.api.Event told : response.getEventsList()) {
      if (told.getKv().getModRevision() > before.revision()) {
        Event event = EtcdStates.event(told, edit);
        events.add(event);
        edit.apply(event);
      }
    }
    if (!events.isEmpty()) {
      Tree tree = edit.tree();
      current.append(events, new TreeSnapshot(events.getLast().revision(), tree));
      onGrown.run();
    }
  }

  /// Feeds no more, and ends the replica's cursors.
  void close(StoreException reason) {
    closed = true;
    stop.open();
    BlockingClientCall<WatchRequest, WatchResponse> current = stream;
    if (current != null) {
      current.cancel("closed", null);
    }
    task.close();
    Replica fed = replica;
    if (fed != null) {
      fed.end(reason);
    }
  }
}
