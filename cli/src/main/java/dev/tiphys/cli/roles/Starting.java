package dev.tiphys.cli.roles;

import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A part that starts beside others.
///
/// Threads: the one that made it.
public final class Starting<T> {

  private final @Nullable Task task;
  private volatile @Nullable T part;
  private volatile @Nullable Exception failure;

  /// How a part that was started is ended again.
  @FunctionalInterface
  public interface Undo<T> {
    void undo(T part) throws InterruptedException;
  }

  /// @param start what starts it; may wait
  public Starting(World world, String name, Callable<T> start) {
    this.task = world.start(name, () -> run(start));
  }

  private Starting() {
    this.task = null;
  }

  /// A part that is not wanted.
  public static <T> Starting<T> nothing() {
    return new Starting<>();
  }

  private void run(Callable<T> start) {
    try {
      part = start.call();
    } catch (Exception e) {
      failure = e;
    }
  }

  /// The part, once it has started.
  ///
  /// Throws what its start has thrown.
  public T await() throws InterruptedException {
    if (task != null) {
      task.join();
    }
    T started = part;
    if (started != null) {
      return started;
    }
    switch (failure) {
      case RuntimeException e -> throw e;
      case InterruptedException e -> throw e;
      case null -> throw new IllegalStateException("nothing was to be started");
      case Exception e -> throw new IllegalStateException(e);
    }
  }

  /// Ends the part again, if it starts or has started.
  public void undo(Undo<T> undo) throws InterruptedException {
    if (task == null) {
      return;
    }
    task.join();
    T started = part;
    if (started != null) {
      undo.undo(started);
    }
  }
}
