package dev.tiphys.network.health;

import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether the proxy keeps up: it does not if changes wait for longer than a minute, since the
/// kernel refuses them all.
///
/// Threads: any.
public final class ProxyHealth {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final World world;
  private final Object lock = new Object();
  private Instant lastUpdated = Instant.EPOCH;
  private @Nullable Instant behindSince;
  private boolean eligible = true;

  /// What is known at a moment.
  ///
  /// @param eligible whether load balancers are to send to this node
  record Report(boolean healthy, Instant lastUpdated, Instant now, boolean eligible) {}

  public ProxyHealth(World world) {
    this.world = world;
  }

  /// The rules are as they are to be.
  public void updated() {
    synchronized (lock) {
      lastUpdated = world.now();
      behindSince = null;
    }
  }

  /// They are not, so far.
  public void behind() {
    synchronized (lock) {
      if (behindSince == null) {
        behindSince = world.now();
      }
    }
  }

  /// Whether load balancers are to send to this node.
  public void eligible(boolean now) {
    synchronized (lock) {
      eligible = now;
    }
  }

  Report report() {
    Instant now = world.now();
    synchronized (lock) {
      boolean healthy =
          behindSince == null || Duration.between(behindSince, now).compareTo(PATIENCE) < 0;
      return new Report(healthy, healthy ? now : lastUpdated, now, eligible);
    }
  }
}
