package dev.tiphys.client.leader;

import dev.tiphys.client.Api;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One time of leadership, from the moment the Lease is had until it is lost or given up.
///
/// Guarantee: once it is over, no write begins through an API that is [#fenced] by it. It is over
/// at the latest when the Lease has not been renewed for as long as the renew deadline says,
/// counted from before the last renewal was sent. Other candidates wait for longer than that, so
/// that a write which is on its way then has arrived before another leader begins.
///
/// A machine that was suspended, or whose clock was moved, counts too much rather than too little
/// of the time ([CautiousClock]).
///
/// Threads: any.
public final class Term {

  /// For what runs without an election: it has no end.
  public static final Term ENDLESS = new Term(null, null, "", Duration.ZERO);

  private final @Nullable World world;
  private final @Nullable CautiousClock clock;
  private final String lease;
  private final Duration deadline;
  private final Object lock = new Object();
  private final Set<Thread> writing = new HashSet<>();
  private final Set<Thread> interrupted = new HashSet<>();
  private final @Nullable Gate idle;
  private long renewed; // by the clock
  private boolean over;

  private Term(
      @Nullable World world, @Nullable CautiousClock clock, String lease, Duration deadline) {
    this.world = world;
    this.clock = clock;
    this.lease = lease;
    this.deadline = deadline;
    this.idle = world == null ? null : world.gate();
  }

  /// @param acquired when the request that acquired the Lease was sent, by the clock
  static Term begin(World world, CautiousClock clock, ElectionSettings settings, long acquired) {
    Term term = new Term(world, clock, settings.toString(), settings.renewDeadline());
    term.renewed(acquired);
    return term;
  }

  /// The API for parts that work in this term.
  public Api fenced(Api api) {
    return world == null ? api : new FencedApi(api, this);
  }

  /// Whether the Lease is held, as far as clocks can tell.
  public boolean holds() {
    return left().isPositive();
  }

  /// How long it holds without another renewal.
  Duration left() {
    if (clock == null) {
      return Duration.ofDays(365);
    }
    synchronized (lock) {
      Duration left = deadline.minusNanos(clock.now() - renewed);
      over |= !left.isPositive(); // for good: a clock that is moved back later changes nothing
      return over ? Duration.ZERO : left;
    }
  }

  /// @param sent when the request that renewed the Lease was sent, by the clock
  void renewed(long sent) {
    synchronized (lock) {
      renewed = sent;
    }
  }

  /// Ends it: from now on writes are refused, and those that are on their way are interrupted.
  void end() {
    synchronized (lock) {
      over = true;
      interrupted.addAll(writing);
      writing.forEach(Thread::interrupt);
    }
  }

  /// Waits until no write is on its way any more, or until a time has passed.
  void awaitIdle(Duration limit) throws InterruptedException {
    if (world == null || idle == null) {
      return;
    }
    long end = world.nanoTime() + limit.toNanos();
    while (true) {
      synchronized (lock) {
        if (writing.isEmpty()) {
          return;
        }
      }
      long left = end - world.nanoTime();
      if (left <= 0 || !idle.await(Duration.ofNanos(left))) {
        return;
      }
    }
  }

  /// A write begins.
  ///
  /// @throws ApiException if the term is over
  void enter() {
    synchronized (lock) {
      if (!holds()) {
        throw ApiException.of(
            Reason.SERVICE_UNAVAILABLE, "nothing is written any more: the lease is lost: " + lease);
      }
      writing.add(Thread.currentThread());
    }
  }

  /// The write of the calling thread has ended. That it was interrupted is no news to what comes
  /// after it.
  void leave() {
    synchronized (lock) {
      writing.remove(Thread.currentThread());
      if (interrupted.remove(Thread.currentThread())) {
        boolean _ = Thread.interrupted();
      }
      if (!over) {
        return;
      }
    }
    if (idle != null) {
      idle.open();
    }
  }
}
