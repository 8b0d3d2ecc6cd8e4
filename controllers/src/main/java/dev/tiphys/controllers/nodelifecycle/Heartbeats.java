package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// When each node was last heard of, by this process' clock: the clocks of nodes may be wrong.
///
/// A node is heard of when its lease or the heartbeat in its status shows something new.
///
/// Threads: any.
final class Heartbeats {

  private final World world;
  private final Duration grace;
  private final Duration startupGrace;
  private final Map<String, Beat> leases = new HashMap<>();
  private final Map<String, Beat> statuses = new HashMap<>();

  /// What was seen last, and when that was new.
  private record Beat(String seen, long at) {}

  Heartbeats(World world, Duration grace, Duration startupGrace) {
    this.world = world;
    this.grace = grace;
    this.startupGrace = startupGrace;
  }

  synchronized void lease(Struct lease) {
    hear(leases, Meta.of(lease).name(), lease.string("spec", "renewTime"));
  }

  synchronized void status(Struct node) {
    Struct ready = Meta.condition(node, "Ready");
    if (ready != null) {
      hear(statuses, Meta.of(node).name(), ready.string("lastHeartbeatTime"));
    }
  }

  private void hear(Map<String, Beat> beats, String node, String what) {
    Beat before = beats.get(node);
    if (before == null || !before.seen.equals(what)) {
      beats.put(node, new Beat(what, world.nanoTime()));
    }
  }

  synchronized void forgetLease(String node) {
    leases.remove(node);
  }

  synchronized void forget(String node) {
    statuses.remove(node);
    leases.remove(node);
  }

  /// All nodes count as just heard of: what was missed while all were away says nothing.
  synchronized void renewAll() {
    long now = world.nanoTime();
    leases.replaceAll((_, beat) -> new Beat(beat.seen, now));
    statuses.replaceAll((_, beat) -> new Beat(beat.seen, now));
  }

  /// Whether a node has not been heard of for too long.
  synchronized boolean isLost(Struct node) {
    String name = Meta.of(node).name();
    Beat lease = leases.get(name);
    Beat status = statuses.get(name);
    if (lease == null && status == null) {
      Instant created = Meta.of(node).created();
      return created != null && created.plus(startupGrace).isBefore(world.now());
    }
    long last =
        Math.max(
            lease == null ? Long.MIN_VALUE : lease.at, status == null ? Long.MIN_VALUE : status.at);
    return world.nanoTime() - last > grace.toNanos();
  }
}
