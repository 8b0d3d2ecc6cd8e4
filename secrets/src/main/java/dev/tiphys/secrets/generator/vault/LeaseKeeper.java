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

  /// Keeps a lease from now on, in the place of the one before.
  ///
  /// @param what tells equal purposes from others
  void keep(String what, Lease lease, Asker asker) {
    synchronized (leases) {
      leases.put(what, new Kept(lease, asker, lease.due()));
    }
    changed.open();
  }

  boolean has(String what) {
    synchronized (leases) {
      return leases.containsKey(what);
    }
  }

  /// Renews a lease no more. Returns the session that it was made in; null if it is not kept.
  @Nullable Session drop(String id) {
    synchronized (leases) {
      for (Map.Entry<String, Kept> each : leases.entrySet()) {
        Lease lease = each.getValue().lease;
        if (lease.id().equals(id)) {
          leases.remove(each.getKey());
          return lease.session();
        }
      }
      return null;
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
      for (Map.Entry<String, Kept> each : due()) {
        look(each.getKey(), each.getValue());
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

  private List<Map.Entry<String, Kept>> due() {
    synchronized (leases) {
      long now = world.nanoTime();
      return leases.entrySet().stream()
          .filter(each -> each.getValue().next - now <= 0)
          .map(each -> Map.entry(each.getKey(), each.getValue()))
          .toList();
    }
  }

  private void look(String what, Kept kept) throws InterruptedException {
    Lease lease = kept.lease;
    try {
      Struct answer = lease.session().ask(lease.renewal());
      long seconds = answer == null ? 0 : answer.integer("lease_duration");
      Lease renewed = lease.renewed(Duration.ofSeconds(Math.max(0, seconds)), world);
      if (renewed.nearsEnd()) {
        replace(what, kept);
      } else {
        put(what, kept, new Kept(renewed, kept.asker, renewed.due()));
      }
    } catch (StoreException e) {
      if (e instanceof VaultException refused && refused.isFinal()) {
        replace(what, kept);
      } else {
        long later = world.nanoTime() + AGAIN.toNanos();
        put(what, kept, new Kept(lease, kept.asker, later));
      }
    }
  }

  private void replace(String what, Kept kept) {
    drop(what, kept);
    kept.asker.askAgain();
  }

  private void put(String what, Kept before, Kept now) {
    synchronized (leases) {
      leases.replace(what, before, now); // unless there is a newer one
    }
  }

  private void drop(String what, Kept kept) {
    synchronized (leases) {
      leases.remove(what, kept);
    }
  }

  @Override
  public void close() {
    keeping.close();
  }
}
