package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What plugins remember of one Pod in one cycle, from its first extension point to its last.
///
/// Threads: the scheduling task, then the tasks that the Pod is bound on, one after the other.
public final class CycleState {

  private final Map<Key<?>, Object> values = new IdentityHashMap<>(4);
  private final @Nullable PluginTimer timer;

  /// Of a cycle in which plugins are not timed.
  public CycleState() {
    this(null);
  }

  /// @param timer what plugins are timed with; null if they are not
  public CycleState(@Nullable PluginTimer timer) {
    this.timer = timer;
  }

  /// Asks a plugin, and takes the time if this is a cycle in which that is done.
  public <T extends @Nullable Object, E extends Exception> T timed(
      Point point, Plugin plugin, PluginTimer.Call<T, E> call) throws E {
    PluginTimer own = timer;
    return own == null ? call.ask() : own.timed(point, plugin, call);
  }

  /// The place of a value. Each instance is one of its own.
  public static final class Key<T> {
    private final Class<T> type;

    public Key(Class<T> type) {
      this.type = type;
    }
  }

  public synchronized <T> void write(Key<T> key, T value) {
    values.put(key, value);
  }

  /// The value; null if none was written.
  public synchronized <T> @Nullable T read(Key<T> key) {
    Object value = values.get(key);
    return value == null ? null : key.type.cast(value);
  }

  public synchronized void delete(Key<?> key) {
    values.remove(key);
  }
}
