package dev.tiphys.client.leader;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Whether this process acts on the kinds of this group, or another program does.
///
/// Threads: any.
public final class Charge {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /// Whether it is known what is in charge.
  private volatile boolean decided;

  private volatile Optional<String> other = Optional.empty();

  /// Leaves everything to another program, or takes it over.
  ///
  /// @param holder what acts on it; empty if nothing else does
  public void leaveTo(Optional<String> holder) {
    other = holder;
    decided = true;
    listeners.forEach(Runnable::run);
  }

  /// What is in charge instead; empty if nothing is, as far as it is known.
  public Optional<String> other() {
    return other;
  }

  public boolean isDecided() {
    return decided;
  }

  /// Whether it is known that this process is in charge.
  public boolean isOurs() {
    return decided && other.isEmpty();
  }

  /// Tells of each change.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }
}
