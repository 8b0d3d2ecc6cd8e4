package dev.tiphys.scheduler;

import dev.tiphys.object.GoDuration;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/// The permissions that a Pod waits for, and when the wait for each is over.
///
/// Threads: the scheduling task; the names may be read by any.
final class Permits {

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  private final World world;
  private final BiConsumer<String, String> onTimeout;
  private final Map<String, Timer> pending = new ConcurrentHashMap<>(2);

  /// @param onTimeout told, on any task, which plugin's permission has not come in time, and what
  ///   to say of it
  Permits(World world, BiConsumer<String, String> onTimeout) {
    // Others give the permissions: how long they take is not this scheduler's work.
    this.world = world.background();
    this.onTimeout = onTimeout;
  }

  /// Begins to wait for a plugin's permission.
  void await(String plugin, Duration span) {
    Duration atMost = span.compareTo(LONGEST_WAIT) < 0 ? span : LONGEST_WAIT;
    String reason =
        "rejected due to timeout after waiting " + GoDuration.text(atMost) + " at plugin " + plugin;
    pending.put(plugin, world.schedule(atMost, () -> onTimeout.accept(plugin, reason)));
  }

  /// Takes note of a plugin's permission. Returns whether it was the last one.
  boolean give(String plugin) {
    Timer timer = pending.remove(plugin);
    if (timer == null) {
      return false;
    }
    timer.cancel();
    return pending.isEmpty();
  }

  boolean areComplete() {
    return pending.isEmpty();
  }

  /// The plugins whose permission is missing.
  Set<String> missing() {
    return Set.copyOf(pending.keySet());
  }

  /// Waits no longer.
  void cancel() {
    pending.values().forEach(Timer::cancel);
  }
}
