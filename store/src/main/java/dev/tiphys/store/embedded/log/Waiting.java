package dev.tiphys.store.embedded.log;

import dev.tiphys.world.Task;
import java.util.function.BooleanSupplier;

/// Waiting that an interrupt does not end: for what must be over before a file may be closed.
public final class Waiting {

  private Waiting() {}

  /// Waiting for a task's end.
  public interface Join {
    void join() throws InterruptedException;
  }

  public static void forEnd(Task task) {
    forEnd(task::done, task::join);
  }

  /// @param done whether the end has come
  /// @param join waits for it
  public static void forEnd(BooleanSupplier done, Join join) {
    boolean interrupted = false;
    while (!done.getAsBoolean()) {
      try {
        join.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
