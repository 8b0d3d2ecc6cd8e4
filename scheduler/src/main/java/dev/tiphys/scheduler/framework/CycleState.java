package dev.tiphys.scheduler.framework;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What plugins remember of one Pod in one cycle, from its first extension point to its last.
///
/// Threads: the scheduling task, then the tasks that the Pod is bound on, one after the other.
public final class CycleState {

  private final Map<Key<?>, Object> values = new IdentityHashMap<>(4);

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
