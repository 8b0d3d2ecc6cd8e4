package dev.tiphys.apiserver.local;

import dev.tiphys.apiserver.registry.Endpoint;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.Subscription;
import dev.tiphys.apiserver.watch.WatchSink;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A watch within the process: notices are queued until somebody reads them.
///
/// Threads: one reads, the broadcaster's writes.
final class LocalWatch implements WatchStream, WatchSink {

  /// Notices share their states with the store, so many may wait before a slow reader is cut off.
  private static final int LONGEST_QUEUE = 100_000;

  private final Endpoint endpoint;
  private final Gate gate;
  private final Object lock = new Object();
  private final Queue<WatchEvent> queue = new ArrayDeque<>();
  private @Nullable Subscription subscription;
  private boolean over;

  LocalWatch(World world, Endpoint endpoint) {
    this.endpoint = endpoint;
    this.gate = world.gate();
  }

  void subscribed(Subscription own) {
    boolean late;
    synchronized (lock) {
      subscription = own;
      late = over;
    }
    if (late) {
      own.close();
    }
  }

  @Override
  public boolean offer(Notice notice) {
    return put(new WatchEvent(notice.type(), endpoint.present(notice.state())));
  }

  @Override
  public boolean offerInitialEnd(long revision) {
    Struct mark =
        Struct.of(
            "kind",
            endpoint.served().kind(),
            "apiVersion",
            endpoint.served().groupVersion().toString(),
            "metadata",
            Struct.of("resourceVersion", Long.toString(revision)));
    return put(new WatchEvent(WatchEvent.Type.BOOKMARK, mark));
  }

  @Override
  public void end(ApiException reason) {
    put(new WatchEvent(WatchEvent.Type.ERROR, reason.status()));
    synchronized (lock) {
      over = true;
    }
    gate.open();
  }

  private boolean put(WatchEvent event) {
    synchronized (lock) {
      if (over || queue.size() >= LONGEST_QUEUE) {
        return false;
      }
      queue.add(event);
    }
    gate.open();
    return true;
  }

  @Override
  public @Nullable WatchEvent next() throws InterruptedException {
    while (true) {
      synchronized (lock) {
        WatchEvent event = queue.poll();
        if (event != null) {
          return event;
        }
        if (over) {
          return null;
        }
      }
      gate.await();
    }
  }

  @Override
  public void close() {
    Subscription own;
    synchronized (lock) {
      over = true;
      queue.clear();
      own = subscription;
    }
    if (own != null) {
      own.close();
    }
    gate.open();
  }
}
