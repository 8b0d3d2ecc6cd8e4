package dev.tiphys.store.embedded;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The leases, the time each has left, and the keys that may be tied to it.
///
/// Threads: any.
final class Leases {

  private static final System.Logger LOG = System.getLogger(Leases.class.getName());

  /// When to try again to end a lease, if the disk did not let it end.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final World world;
  private final Map<Long, Lease> leases = new HashMap<>(); // guarded by itself
  private @Nullable LongConsumer ender; // guarded by leases

  /// Guarded by [#leases].
  private static final class Lease {
    final Duration life;

    /// The keys that were ever tied to it; some may be tied to it no more.
    final Set<String> keys = new HashSet<>();

    long deadline;
    boolean sealed;
    @Nullable Timer timer;

    Lease(Duration life) {
      this.life = life;
    }
  }

  Leases(World world) {
    this.world = world.background();
  }

  /// Starts the lives of all leases, now and from here on. `ender` ends a lease, and may wait.
  void start(LongConsumer ender) {
    synchronized (leases) {
      this.ender = ender;
      leases.forEach(this::live);
    }
  }

  /// Stops the lives of all leases.
  void stop() {
    synchronized (leases) {
      ender = null;
      for (Lease lease : leases.values()) {
        if (lease.timer != null) {
          lease.timer.cancel();
        }
      }
    }
  }

  /// Does what `change` does to leases.
  void apply(Change change) {
    switch (change) {
      case Change.Grant(long id, Duration life) -> begin(id, life);
      case Change.Revoke(long id) -> end(id);
      case Change.Set _, Change.Compact _ -> {}
    }
  }

  private void begin(long id, Duration life) {
    synchronized (leases) {
      // a log may tell again of a lease that its checkpoint knows
      Lease lease = leases.computeIfAbsent(id, _ -> new Lease(life));
      if (ender != null) {
        live(id, lease);
      }
    }
  }

  private void end(long id) {
    synchronized (leases) {
      Lease lease = leases.remove(id);
      if (lease != null && lease.timer != null) {
        lease.timer.cancel();
      }
    }
  }

  private void live(long id, Lease lease) {
    lease.deadline = world.nanoTime() + lease.life.toNanos();
    lease.timer = world.schedule(lease.life, () -> due(id));
  }

  private void due(long id) {
    synchronized (leases) {
      Lease lease = leases.get(id);
      if (lease == null || ender == null) {
        return;
      }
      long left = lease.deadline - world.nanoTime();
      if (left > 0) {
        lease.timer = world.schedule(Duration.ofNanos(left), () -> due(id));
      } else {
        LongConsumer end = ender;
        world.start("lease end", () -> end(id, end));
      }
    }
  }

  private void end(long id, LongConsumer ender) {
    try {
      ender.accept(id);
    } catch (StoreException e) {
      if (e.reason() == Reason.CLOSED) {
        return;
      }
      LOG.log(System.Logger.Level.WARNING, "a lease could not be ended, will try again", e);
      synchronized (leases) {
        Lease lease = leases.get(id);
        if (lease != null) {
          lease.timer = world.schedule(AGAIN, () -> due(id));
        }
      }
    }
  }

  /// Starts the life of a lease anew. Returns false if there is no such lease, or it is ending.
  boolean renew(long id) {
    synchronized (leases) {
      Lease lease = leases.get(id);
      if (lease == null || lease.sealed) {
        return false;
      }
      lease.deadline = world.nanoTime() + lease.life.toNanos();
      return true;
    }
  }

  /// Notes that `key` is being tied to a lease.
  ///
  /// @throws StoreException `NO_LEASE` if there is no such lease, or it is ending
  void tie(String key, long id) {
    synchronized (leases) {
      Lease lease = leases.get(id);
      if (lease == null || lease.sealed) {
        throw new StoreException(Reason.NO_LEASE, "there is no lease %d".formatted(id));
      }
      lease.keys.add(key);
    }
  }

  /// Lets no more keys be tied to a lease. Returns those that may be; none if there is no such
  /// lease.
  List<String> seal(long id) {
    synchronized (leases) {
      Lease lease = leases.get(id);
      if (lease == null) {
        return List.of();
      }
      lease.sealed = true;
      return List.copyOf(lease.keys);
    }
  }

  boolean exists(long id) {
    synchronized (leases) {
      return leases.containsKey(id);
    }
  }

  /// Every lease with its life.
  Map<Long, Duration> lives() {
    synchronized (leases) {
      Map<Long, Duration> lives = new HashMap<>();
      leases.forEach((id, lease) -> lives.put(id, lease.life));
      return lives;
    }
  }
}
