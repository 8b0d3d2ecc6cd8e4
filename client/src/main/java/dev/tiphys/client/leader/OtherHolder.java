package dev.tiphys.client.leader;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Tells whether a program that does the same work is installed in the cluster: one that holds a
/// Lease of the well-known name in a namespace of its own.
///
/// As candidates for a Lease do, it goes by its own clock: a Lease is held for the duration that it
/// names after a change of it was seen, and a program that ended without giving it up is gone then.
///
/// Threads: any.
public final class OtherHolder implements AutoCloseable {

  private final World world;
  private final String ownNamespace;
  private final Informer leases;
  private final Gate changed;
  private final SupervisedTask task;
  private final Map<ObjectKey, Held> held = new HashMap<>(); // guarded by itself
  private volatile Optional<String> holder = Optional.empty();
  private volatile Consumer<Optional<String>> listener = _ -> {};

  /// @param until when it ends if it does not change, by this process's clock
  private record Held(Struct spec, String by, long until) {}

  /// @param lease the well-known name
  /// @param ownNamespace whose Lease of this name is held by programs that know of each other
  public OtherHolder(World world, Api api, String lease, String ownNamespace) {
    this.world = world.background();
    this.ownNamespace = ownNamespace;
    this.changed = this.world.gate();
    this.leases =
        new Informer(
            world, api, ApiResource.LEASES, "", ListOptions.withFields("metadata.name=" + lease));
    this.task = world.supervisor().task("other-holder-" + lease, OnFailure.RESTART);
    leases.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct object) {
            seen(object);
          }

          @Override
          public void updated(Struct before, Struct now) {
            seen(now);
          }

          @Override
          public void deleted(Struct last) {
            synchronized (held) {
              held.remove(ObjectKey.of(last));
            }
            changed.open();
          }
        });
  }

  /// Has changes told, from a task of this. What is so when it starts is told, too.
  public OtherHolder onChange(Consumer<Optional<String>> action) {
    listener = action;
    return this;
  }

  /// Starts to look, and returns at once.
  public OtherHolder start() {
    leases.start();
    task.start(this::run);
    return this;
  }

  /// Which other program does the work: namespace and identity. Empty if none is known to.
  public Optional<String> holder() {
    return holder;
  }

  private void seen(Struct lease) {
    if (Meta.of(lease).namespace().equals(ownNamespace)) {
      return;
    }
    ObjectKey key = ObjectKey.of(lease);
    LeaseSpec spec = LeaseSpec.of(lease);
    synchronized (held) {
      Held before = held.get(key);
      if (spec.holder().isEmpty()) {
        held.remove(key);
      } else if (before == null || !before.spec().equals(spec.spec())) {
        String by = key.namespace() + "/" + spec.holder();
        held.put(key, new Held(spec.spec(), by, world.nanoTime() + spec.duration().toNanos()));
      }
    }
    changed.open();
  }

  private void run() throws InterruptedException {
    leases.awaitSynced();
    boolean first = true;
    while (true) {
      long now = world.nanoTime();
      long next = Long.MAX_VALUE;
      Optional<String> found = Optional.empty();
      synchronized (held) {
        held.values().removeIf(each -> each.until() - now <= 0);
        for (Held each : held.values()) {
          found = Optional.of(each.by());
          next = Math.min(next, each.until() - now);
        }
      }
      boolean news = first || !holder.equals(found);
      first = false;
      holder = found;
      if (news) {
        listener.accept(found);
      }
      if (next == Long.MAX_VALUE) {
        changed.await();
      } else {
        changed.await(Duration.ofNanos(next));
      }
    }
  }

  @Override
  public void close() {
    task.close();
    leases.close();
  }
}
