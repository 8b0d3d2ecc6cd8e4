package dev.tiphys.controllers.deployment;

import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// When Deployments are to be looked at though nothing happens to them. One time for each; what a
/// newer look finds replaces it.
///
/// Threads: any.
final class Deadlines implements AutoCloseable {

  private final World world;
  private final Consumer<ObjectKey> due;
  private final Map<ObjectKey, Timer> timers = new HashMap<>();

  Deadlines(World world, Consumer<ObjectKey> due) {
    this.world = world;
    this.due = due;
  }

  /// @param after null to wait for nothing
  synchronized void set(ObjectKey key, @Nullable Duration after) {
    Timer before = timers.remove(key);
    if (before != null) {
      before.cancel();
    }
    if (after != null) {
      timers.put(key, world.schedule(after, () -> due.accept(key)));
    }
  }

  @Override
  public synchronized void close() {
    timers.values().forEach(Timer::cancel);
    timers.clear();
  }
}
