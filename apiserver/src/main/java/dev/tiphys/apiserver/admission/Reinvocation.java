package dev.tiphys.apiserver.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether the plugins that change an object look at it once more: they do, a single time, if one
/// that is not built in has changed it, since the built-in ones have not seen the change.
///
/// Threads: one, the request's own.
public final class Reinvocation {

  private boolean wanted;
  private boolean begun;
  private @Nullable Map<Class<?>, Object> states;

  /// Has all plugins look at the object again.
  public void want() {
    wanted = true;
  }

  /// Whether this is the second time.
  public boolean isBegun() {
    return begun;
  }

  /// Whether there is to be a second time, which begins with that.
  boolean begin() {
    boolean begins = wanted && !begun;
    begun |= begins;
    return begins;
  }

  /// What a plugin remembers from the first time to the second.
  ///
  /// @param type of what it remembers, which is its alone
  public <T> T state(Class<T> type, Supplier<T> initial) {
    if (states == null) {
      states = new HashMap<>();
    }
    return type.cast(states.computeIfAbsent(type, _ -> initial.get()));
  }
}
