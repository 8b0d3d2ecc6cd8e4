package dev.tiphys.secrets.generator.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.generator.Asker;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.vault.Session;
import dev.tiphys.secrets.provider.vault.VaultException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Renews leases at two thirds of their lives.
///
/// A lease that cannot be renewed, or not for long, has its values made anew before it ends.
///
/// Threads: any.
final class LeaseKeeper implements AutoCloseable {

  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final World world;
  private final Gate changed;
  private final Map<String, Kept> leases = new HashMap<>(); // guarded by itself
  private final SupervisedTask keeping;

  /// @param next when something is to be done about it, by the world's measure
  private record Kept(Lease lease, Asker asker, long next) {}

  LeaseKeeper(World world) {
    this.world = world.background();
    this.changed = this.world.gate();
    this.keeping = world.supervisor().start("vault-leases", this::keep);
  }

  /// Keeps a lease from now on.
  void keep(Lease lease, Asker asker) {
    synchronized (leases) {
      leases.put(lease.id(), new Kept(lease, asker, lease.due()));
    }
    changed.open();
  }

  boolean has(String id) {
    synchronized (leases) {
      return leases.containsKey(id);
    }
  }

  /// Renews a lease no more. Returns the session that it was made in; null if it is not kept.
  @Nullable Session drop(String id) {
    synchronized (leases) {
      Kept kept = leases.remove(id);
      return kept == null ? null : kept.lease.session();
    }
  }

  boolean uses(Session session) {
    synchronized (leases) {
      return leases.values().stream().anyMatch(kept -> kept.lease.session() == session);
    }
  }

  private void keep() throws InterruptedException {
    while (true) {
      boolean _ = changed.await(untilNext());
      for (Kept each : due()) {
        look(each);
      }
    }
  }

  private Duration untilNext() {
    synchronized (leases) {
      long now = world.nanoTime();
      long next = leases.values().stream().mapToLong(Kept::next).min().orElse(now + LOOK.toNanos());
      return Duration.ofNanos(Math.clamp(next - now, 1_000_000, LOOK.toNanos()));
    }
  }

  private List<Kept> due() {
    synchronized (leases) {
      long now = world.nanoTime();
      return leases.values().stream().filter(each -> each.next - now <= 0).toList();
    }
  }

  private void look(Kept kept) throws InterruptedException {
    Lease lease = kept.lease;
    try {
      Struct answer = lease.session().ask(lease.renewal());
      long seconds = answer == null ? 0 : answer.integer("lease_duration");
      Lease renewed = lease.renewed(Duration.ofSeconds(Math.max(0, seconds)), world);
      if (renewed.nearsEnd()) {
        replace(kept);
      } else {
        put(kept, new Kept(renewed, kept.asker, renewed.due()));
      }
    } catch (StoreException e) {
      if (e instanceof VaultException refused && refused.isFinal()) {
        replace(kept);
      } else {
        again(kept);
      }
    }
  }

  private void replace(Kept kept) {
    if (kept.asker.askAgain()) {
      synchronized (leases) {
        leases.remove(kept.lease.id(), kept);
      }
    } else {
      again(kept);
    }
  }

  private void again(Kept kept) {
    put(kept, new Kept(kept.lease, kept.asker, world.nanoTime() + AGAIN.toNanos()));
  }

  private void put(Kept before, Kept now) {
    synchronized (leases) {
      leases.replace(before.lease.id(), before, now); // unless it has been dropped
    }
  }

  @Override
  public void close() {
    keeping.close();
  }
}
