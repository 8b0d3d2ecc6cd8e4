package dev.tiphys.network.router.backends;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// An endpoint of a backend, and how it has done.
///
/// Threads: any.
public final class Endpoint {

  private final InetSocketAddress address;
  private final long born;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private int ejections;
  private volatile long ejectedUntil;
  private volatile boolean ejected;

  /// @param born when it became an endpoint, on the world's clock of nanoseconds
  Endpoint(InetSocketAddress address, long born) {
    this.address = address;
    this.born = born;
  }

  public InetSocketAddress address() {
    return address;
  }

  /// How many requests it has now.
  public int requests() {
    return requests.get();
  }

  /// A request is passed on to it.
  public void enter() {
    requests.incrementAndGet();
  }

  /// A request that was passed on to it has ended.
  public void leave() {
    requests.decrementAndGet();
  }

  long age(long now) {
    return now - born;
  }

  boolean isEjected(long now) {
    return ejected && now - ejectedUntil < 0;
  }

  void succeeded() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /// @return how many failures in a row that makes
  int failed() {
    return failures.incrementAndGet();
  }

  synchronized void eject(long now, Duration span) {
    if (isEjected(now)) {
      return; // a request failed that was under way before
    }
    failures.set(0);
    ejections++;
    ejectedUntil = now + span.toNanos() * ejections;
    ejected = true;
  }

  @Override
  public String toString() {
    return address.getHostString() + ":" + address.getPort();
  }
}
