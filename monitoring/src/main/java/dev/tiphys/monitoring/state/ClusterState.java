package dev.tiphys.monitoring.state;

import dev.tiphys.client.Api;
import dev.tiphys.monitoring.state.families.KindFamilies;
import dev.tiphys.monitoring.state.families.ObjectSamples;
import dev.tiphys.monitoring.state.families.StateFamilies;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The page of all `kube_*` families.
///
/// Nothing is watched before the page is asked for, and no longer once it has not been for ten
/// minutes: without a Prometheus it costs nothing.
///
/// Threads: any.
public final class ClusterState implements AutoCloseable {

  /// How long it is kept up to date for the next look.
  static final Duration IDLE = Duration.ofMinutes(10);

  private final World world;
  private final Api api;
  private final List<KindFamilies> kinds;
  private @Nullable List<KindStore> stores; // guarded by this
  private @Nullable Timer end; // guarded by this
  private long asked; // guarded by this
  private boolean closed; // guarded by this

  /// @param api that may list and watch what is told of
  public ClusterState(World world, Api api) {
    this(world, api, StateFamilies.ALL);
  }

  ClusterState(World world, Api api, List<KindFamilies> kinds) {
    this.world = world;
    this.api = api;
    this.kinds = kinds;
  }

  /// Makes the page ready to be written.
  ///
  /// @param patience how long to wait for the first lists
  /// @return the page; null if the lists are not there by then
  public @Nullable Page page(Duration patience) throws InterruptedException {
    List<KindStore> current = stores();
    long until = world.nanoTime() + patience.toNanos();
    for (KindStore store : current) {
      if (!store.await(Duration.ofNanos(Math.max(0, until - world.nanoTime())))) {
        return null;
      }
    }
    return out -> {
      for (KindStore store : current) {
        store.write(out);
      }
    };
  }

  /// A page that can be written.
  public interface Page {
    void write(ObjectSamples.Sink<IOException> out) throws IOException;
  }

  private synchronized List<KindStore> stores() {
    asked = world.nanoTime();
    List<KindStore> current = stores;
    if (current == null) {
      current = closed ? List.of() : kinds.stream().map(this::store).toList();
      current.forEach(KindStore::start);
      stores = current;
      end = world.background().schedule(IDLE, this::endIfIdle);
    }
    return current;
  }

  private KindStore store(KindFamilies kind) {
    return new KindStore(world, api, kind);
  }

  private void endIfIdle() {
    List<KindStore> unused = unused();
    unused.forEach(KindStore::close);
  }

  private synchronized List<KindStore> unused() {
    List<KindStore> current = stores;
    Duration left = IDLE.minusNanos(world.nanoTime() - asked);
    if (current == null || closed) {
      return List.of();
    }
    if (left.isPositive()) {
      end = world.background().schedule(left, this::endIfIdle);
      return List.of();
    }
    stores = null;
    return current;
  }

  /// Whether objects are watched now.
  synchronized boolean isAtWork() {
    return stores != null;
  }

  @Override
  public void close() {
    List<KindStore> last;
    synchronized (this) {
      closed = true;
      last = stores == null ? List.of() : stores;
      stores = null;
      if (end != null) {
        end.cancel();
      }
    }
    last.forEach(KindStore::close);
  }
}
