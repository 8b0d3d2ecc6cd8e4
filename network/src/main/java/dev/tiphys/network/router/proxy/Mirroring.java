package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.connections.Deadlines;
import dev.tiphys.network.router.connections.Peer;
import dev.tiphys.network.router.connections.Pool;
import dev.tiphys.network.router.connections.Upstream;
import dev.tiphys.network.router.message.Shadow;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A copy of a request, on its way to an endpoint. Its content follows as that of the request
/// comes; the response is read and dropped. A copy whose endpoint takes it too slowly is given up:
/// the request itself waits for nothing.
///
/// Threads: the event loop.
final class Mirroring implements Peer {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final long MOST_WAITING = 1 << 20;

  private final Worker worker;
  private final Backend backend;
  private final Deadlines.Deadline deadline;
  private final Deque<HttpContent> waiting = new ArrayDeque<>(2);
  private @Nullable HttpRequest request; // until there is a connection
  private @Nullable Endpoint endpoint;
  private @Nullable Upstream upstream;
  private long size;
  private boolean sent;
  private boolean interim;
  private boolean over;

  private Mirroring(Worker worker, Backend backend) {
    this.worker = worker;
    this.backend = backend;
    this.deadline = worker.deadlines().add(this::giveUp);
  }

  /// Begins to send a copy.
  ///
  /// @param request as it is sent to the endpoint that answers it
  /// @param reached which endpoints the client may reach
  /// @return null if nothing takes it
  static @Nullable Mirroring begin(
      Worker worker, Backend backend, HttpRequest request, Predicate<Endpoint> reached) {
    if (!backend.enter()) {
      return null;
    }
    Endpoint to = backend.choose(worker.random(), OptionalInt.empty(), Set.of());
    if (to == null || !reached.test(to)) {
      backend.leave();
      return null;
    }
    Mirroring mirroring = new Mirroring(worker, backend);
    mirroring.begin(to, Shadow.of(request));
    return mirroring;
  }

  private void begin(Endpoint to, HttpRequest copy) {
    request = copy;
    endpoint = to;
    to.enter();
    deadline.in(PATIENCE);
    Upstream resting = worker.pool().take(to);
    if (resting != null) {
      onConnected(resting);
      return;
    }
    worker
        .pool()
        .connect(
            to,
            backend.policy(),
            new Pool.Waiting() {
              @Override
              public void connected(Upstream made) {
                if (over) {
                  worker.pool().give(made);
                } else {
                  onConnected(made);
                }
              }

              @Override
              public void failed(Throwable cause) {
                giveUp();
              }
            });
  }

  private void onConnected(Upstream made) {
    upstream = made;
    made.begin(this);
    if (request != null) {
      made.write(request);
      request = null;
    }
    for (HttpContent part = waiting.poll(); part != null; part = waiting.poll()) {
      write(made, part);
    }
    made.flush();
    made.pull();
  }

  private void write(Upstream to, HttpContent part) {
    sent |= part instanceof LastHttpContent;
    to.write(part);
  }

  /// A part of the request's content has come, which stays its own.
  void onRequestContent(HttpContent content) {
    if (over) {
      return;
    }
    HttpContent part = content.retainedDuplicate();
    Upstream to = upstream;
    if (to != null && to.isWritable()) {
      write(to, part);
      to.flush();
      return;
    }
    size += part.content().readableBytes();
    if (size > MOST_WAITING) {
      part.release();
      giveUp();
    } else {
      waiting.add(part);
    }
  }

  /// The request has ended before its content did.
  void cut() {
    if (!sent && waiting.stream().noneMatch(LastHttpContent.class::isInstance)) {
      giveUp();
    }
  }

  @Override
  public void onResponse(HttpResponse response) {
    interim = response.status().code() < 200;
    pull();
  }

  @Override
  public void onResponseContent(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    content.release();
    if (!last || interim) {
      interim = interim && !last;
      pull();
      return;
    }
    Upstream done = upstream;
    if (done != null && sent && done.isStream()) {
      upstream = null;
      worker.pool().give(done);
    }
    giveUp(); // whether it may be used again is not worth finding out
  }

  private void pull() {
    if (upstream != null) {
      upstream.pull();
    }
  }

  @Override
  public void onUpstreamPause() {
    // nothing is passed on
  }

  @Override
  public void onUpstreamWritable() {
    Upstream to = upstream;
    while (to != null && to.isWritable() && !waiting.isEmpty()) {
      HttpContent part = waiting.remove();
      size -= part.content().readableBytes();
      write(to, part);
    }
    if (to != null) {
      to.flush();
    }
  }

  @Override
  public void onUpstreamBroken() {
    giveUp();
  }

  private void giveUp() {
    if (over) {
      return;
    }
    over = true;
    deadline.drop();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    Upstream left = upstream;
    upstream = null;
    if (left != null) {
      left.abandon();
    }
    if (endpoint != null) {
      endpoint.leave();
      endpoint = null;
    }
    backend.leave();
  }
}
