package dev.tiphys.apiserver.kinds;

import dev.tiphys.store.Store;
import dev.tiphys.world.World;
import java.time.Duration;

/// The leases that events are tied to: one for all events of about a minute, since a lease for each
/// would cost more than the event.
///
/// Threads: any.
public final class EventLeases {

  private static final Duration SHARED_FOR = Duration.ofSeconds(60);
  private static final int SHARED_BY = 1_000;

  private final Store store;
  private final World world;
  private final Duration life;
  private final Object lock = new Object();
  private long lease;
  private long grantedAt;
  private int users;

  /// @param life how long an event is kept at least
  public EventLeases(Store store, World world, Duration life) {
    this.store = store;
    this.world = world;
    this.life = life;
  }

  /// A lease that lives as long as an event is to be kept.
  long lease() {
    synchronized (lock) {
      long now = world.nanoTime();
      if (lease == 0 || users >= SHARED_BY || now - grantedAt > SHARED_FOR.toNanos()) {
        lease = store.grantLease(life.plus(SHARED_FOR));
        grantedAt = now;
        users = 0;
      }
      users++;
      return lease;
    }
  }
}
