package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.message.Affinity;
import dev.tiphys.network.router.message.Outgoing;
import dev.tiphys.network.router.message.RequestHead;
import dev.tiphys.network.router.table.Split;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request's turn at a backend: which share of a split it belongs to, that it waits until the
/// backend has room, and which of its endpoints were tried.
///
/// Threads: the event loop.
final class Turn {

  private final Worker worker;
  private final Set<Endpoint> tried = new HashSet<>(4);
  private Split.@Nullable Share share;
  private @Nullable Affinity affinity;
  private @Nullable Backend backend; // that it has entered
  private @Nullable Endpoint endpoint;
  private @Nullable Runnable forgo; // waits for its turn
  private boolean over;

  Turn(Worker worker) {
    this.worker = worker;
  }

  /// Draws the backend that it is to enter; null if none has any weight.
  @Nullable Backend draw(Split split) {
    share = split.choose(worker.random());
    return share == null ? null : share.backend();
  }

  /// Enters a backend now or later.
  ///
  /// @param later is run on the event loop if it has entered later, and is not over by then
  Backend.Entry enter(Backend chosen, Runnable later) {
    Runnable begun = () -> worker.loop().execute(() -> begunLater(chosen, later));
    Backend.Entry entry = chosen.enter(begun);
    switch (entry) {
      case NOW -> backend = chosen;
      case LATER -> forgo = () -> chosen.forgo(begun);
      case REFUSED -> {}
    }
    return entry;
  }

  private void begunLater(Backend chosen, Runnable later) {
    if (over) {
      chosen.leave();
    } else {
      forgo = null;
      backend = chosen;
      later.run();
    }
  }

  /// Finds out by what the request is told apart, and changes it as its share says.
  void prepare(RequestHead head, SocketAddress client) {
    if (backend != null && share != null) {
      affinity = Affinity.of(backend.policy().hashed(), head, client, worker.random());
      Outgoing.edit(head.request().headers(), share.request());
    }
  }

  /// Changes a response as the share says, and tells the client by what it is told apart.
  void tell(HttpHeaders response) {
    if (share != null && affinity != null) {
      Outgoing.edit(response, share.response());
      affinity.tell(response);
    }
  }

  /// The backend that it has entered; null before, and once it is over.
  @Nullable Backend backend() {
    return backend;
  }

  /// Chooses another endpoint; null if there is none.
  @Nullable Endpoint next() {
    if (backend == null) {
      return null;
    }
    OptionalInt hash = affinity == null ? OptionalInt.empty() : affinity.hash();
    Endpoint next = backend.choose(worker.random(), hash, tried);
    if (next != null) {
      tried.add(next);
    }
    return next;
  }

  /// The request is passed on to an endpoint.
  void take(Endpoint next) {
    next.enter();
    endpoint = next;
  }

  boolean isAt(Endpoint one) {
    return endpoint == one;
  }

  /// Tells how the endpoint has done.
  void report(boolean good) {
    if (backend != null && endpoint != null) {
      backend.report(endpoint, good);
    }
  }

  /// Tells how the endpoint has done that answered with a status.
  void report(int status) {
    report(backend == null || !backend.policy().ejection().isFailure(status));
  }

  /// The endpoint has the request no longer.
  void leaveEndpoint() {
    if (endpoint != null) {
      endpoint.leave();
      endpoint = null;
    }
  }

  /// The turn is over: others may have it.
  void end() {
    over = true;
    if (forgo != null) {
      forgo.run();
    }
    leaveEndpoint();
    if (backend != null) {
      backend.leave();
      backend = null;
    }
  }
}
