package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What there is to tell of a request once it has ended.
///
/// Threads: the event loop.
final class Account {

  private final Worker worker;
  private final RequestHead head;
  private final String revision;
  private final String route;
  private final long begun;
  private final boolean http2;
  private @Nullable Backend backend;
  private @Nullable Endpoint endpoint;
  private @Nullable List<Runnable> endings;
  private @Nullable Pace pace;
  private int tries;
  private boolean ended;
  private boolean logged = true;
  private long sent;
  private long received;

  /// @param http2 whether the client speaks HTTP/2
  Account(Worker worker, RequestHead head, String revision, @Nullable Route route, boolean http2) {
    this.http2 = http2;
    this.worker = worker;
    this.head = head;
    this.revision = revision;
    this.route = route == null ? "" : route.name();
    this.begun = worker.world().nanoTime();
  }

  /// When the request began, on the world's clock of nanoseconds.
  long begun() {
    return begun;
  }

  void passedTo(Backend to) {
    backend = to;
  }

  void tried(Endpoint with) {
    endpoint = with;
    tries++;
  }

  /// How many endpoints it was passed on to.
  int tries() {
    return tries;
  }

  void leaveOutOfLog() {
    logged = false;
  }

  /// So much of the content of the request has come.
  void received(int bytes) {
    received += bytes;
  }

  /// So much of the content of the response was passed to the client.
  void sent(int bytes) {
    sent += bytes;
  }

  /// Has no more of the response passed on in a second than that, once some of it was.
  void limitRate(long perSecond, long after) {
    pace = new Pace(worker.world(), perSecond, after);
  }

  /// How many more bytes of the response may be passed on by now.
  int allowed() {
    return pace == null ? Integer.MAX_VALUE : pace.allowed(sent);
  }

  /// Has something done when the request has ended.
  void onEnd(Runnable ending) {
    if (endings == null) {
      endings = new ArrayList<>(2);
    }
    endings.add(ending);
  }

  /// The request has ended. What is said later of its end is not heard.
  void end(int status) {
    if (ended) {
      return;
    }
    ended = true;
    if (endings != null) {
      endings.forEach(Runnable::run);
    }
    if (worker.observer() == Observer.NONE) {
      return;
    }
    worker
        .observer()
        .ended(
            new Observer.Served(
                head.method(),
                head.host(),
                head.path(),
                route,
                backend == null ? "" : backend.name(),
                endpoint == null ? "" : endpoint.toString(),
                tries,
                status,
                Duration.ofNanos(worker.world().nanoTime() - begun),
                revision,
                head.client(),
                head,
                http2 ? "HTTP/2.0" : head.takesChunks() ? "HTTP/1.1" : "HTTP/1.0",
                logged,
                received,
                sent));
  }
}
