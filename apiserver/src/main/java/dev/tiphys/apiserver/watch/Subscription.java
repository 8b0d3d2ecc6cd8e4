package dev.tiphys.apiserver.watch;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One subscriber of a resource. It is told of the past first; what happens meanwhile waits.
///
/// Threads: any.
public final class Subscription implements AutoCloseable {

  /// What a subscriber selected.
  interface Filter {
    boolean selects(Struct object);
  }

  private final Broadcaster broadcaster;
  private final String keyPrefix;
  private final Filter filter;
  private final WatchSink sink;
  private final Object lock = new Object();
  private @Nullable List<Change> waiting = new ArrayList<>();
  private long told;
  private boolean over;

  Subscription(Broadcaster broadcaster, String keyPrefix, Filter filter, WatchSink sink) {
    this.broadcaster = broadcaster;
    this.keyPrefix = keyPrefix;
    this.filter = filter;
    this.sink = sink;
  }

  /// Sets the revision up to which everything counts as told.
  void startAfter(long revision) {
    synchronized (lock) {
      told = revision;
    }
  }

  /// Tells of something that happens now.
  void happened(Change change) {
    synchronized (lock) {
      if (waiting != null) {
        waiting.add(change);
      } else {
        tell(change);
      }
    }
  }

  /// Tells of something of the past.
  void caughtUp(Change change) {
    synchronized (lock) {
      tell(change);
    }
  }

  /// The past has been told: goes on with what happened meanwhile.
  void live() {
    synchronized (lock) {
      List<Change> missed = waiting;
      waiting = null;
      if (missed != null) {
        missed.forEach(this::tell);
      }
    }
  }

  private void tell(Change change) {
    if (over || change.revision() <= told || !change.key().startsWith(keyPrefix)) {
      return;
    }
    told = change.revision();
    Notice notice = change.noticeFor(filter);
    if (notice != null && !sink.offer(notice)) {
      cutOff();
    }
  }

  /// Tells of an object that exists at the start.
  void exists(Notice notice) {
    synchronized (lock) {
      if (!over && filter.selects(notice.state().object()) && !sink.offer(notice)) {
        cutOff();
      }
    }
  }

  void initialEnd(long revision) {
    synchronized (lock) {
      if (!over && !sink.offerInitialEnd(revision)) {
        cutOff();
      }
    }
  }

  private void cutOff() {
    over = true;
    broadcaster.remove(this);
    sink.end(
        ApiException.of(Reason.EXPIRED, "the watch was too slow to keep up with what happened"));
  }

  /// Ends the subscription for a reason that did not come from the subscriber.
  void end(ApiException reason) {
    synchronized (lock) {
      if (over) {
        return;
      }
      over = true;
    }
    sink.end(reason);
  }

  /// How far the subscription has come: everything up to this revision has been told.
  public long reached() {
    synchronized (lock) {
      return waiting == null && !over ? Math.max(told, broadcaster.position()) : told;
    }
  }

  /// Ends the subscription. The sink may still be offered what was on its way.
  @Override
  public void close() {
    synchronized (lock) {
      over = true;
    }
    broadcaster.remove(this);
  }
}
