package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.connections.Pool;
import dev.tiphys.network.router.connections.Upstream;
import dev.tiphys.network.router.table.Retries;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The endpoints that a request is passed on to, one after the other, as long as another one may
/// help.
///
/// Threads: the event loop.
final class Tries {

  private final Exchange exchange;
  private final Worker worker;
  private final Retries retries;
  private final Account account;
  private final Patience patience;
  private final Turn turn;
  private @Nullable Upstream upstream;
  private boolean over;

  Tries(
      Exchange exchange,
      Worker worker,
      Retries retries,
      Account account,
      Patience patience,
      Turn turn) {
    this.exchange = exchange;
    this.worker = worker;
    this.retries = retries;
    this.account = account;
    this.patience = patience;
    this.turn = turn;
  }

  /// The connection to the endpoint that has the request; null between two tries.
  @Nullable Upstream upstream() {
    return upstream;
  }

  /// Passes the request on to another endpoint of the backend whose turn it is.
  void next() {
    Backend backend = turn.backend();
    Endpoint next = turn.next();
    if (backend == null || next == null) {
      exchange.fail(503);
      return;
    }
    if (!exchange.reaches(next)) {
      exchange.refuseConnection();
      return;
    }
    account.tried(next);
    turn.take(next);
    exchange.onTry();
    Upstream resting = worker.pool().take(next);
    if (resting == null) {
      connect(next, backend);
    } else {
      upstream = resting;
      exchange.onConnected(resting);
    }
  }

  private void connect(Endpoint next, Backend backend) {
    patience.awaitConnection();
    worker
        .pool()
        .connect(
            next,
            backend.policy(),
            new Pool.Waiting() {
              @Override
              public void connected(Upstream made) {
                if (isAwaited(next)) {
                  upstream = made;
                  exchange.onConnected(made);
                } else {
                  worker.pool().give(made);
                }
              }

              @Override
              public void failed(Throwable cause) {
                if (isAwaited(next)) {
                  exchange.onFailure(Retries.On.CONNECT, 502);
                }
              }
            });
  }

  private boolean isAwaited(Endpoint one) {
    return !over && turn.isAt(one) && upstream == null;
  }

  /// Tries another endpoint, now or after a pause, if there may be one more try.
  boolean again() {
    if (account.tries() >= retries.tries() || !exchange.isRepeatable()) {
      return false;
    }
    leaveEndpoint();
    Duration pause = retries.pause(account.tries(), worker.random());
    if (pause.isZero()) {
      next();
    } else {
      patience.awaitNothing();
      worker
          .world()
          .background()
          .schedule(pause, () -> worker.loop().execute(this::nextUnlessOver));
    }
    return true;
  }

  private void nextUnlessOver() {
    if (!over) {
      next();
    }
  }

  private void leaveEndpoint() {
    Upstream left = upstream;
    upstream = null;
    if (left != null) {
      left.abandon();
    }
    turn.leaveEndpoint();
  }

  /// The connection has done what it was for: another request may have it.
  void giveConnection() {
    Upstream done = upstream;
    upstream = null;
    if (done != null) {
      worker.pool().give(done);
    }
  }

  /// The connection is used for something else from now on; the turn is over with it.
  void handOver(Upstream with) {
    over = true;
    upstream = null;
    with.channel().closeFuture().addListener(_ -> turn.end());
  }

  /// There are no more tries.
  void end() {
    over = true;
    leaveEndpoint();
    turn.end();
  }
}
