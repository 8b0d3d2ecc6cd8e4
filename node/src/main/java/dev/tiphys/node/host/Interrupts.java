package dev.tiphys.node.host;

import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How interrupts are told apart from failures, and how work is kept from being cut short by them.
public final class Interrupts {
  private Interrupts() {}

  /// Something that waits.
  @FunctionalInterface
  public interface Work<T> {
    T run() throws InterruptedException;
  }

  /// To be called when something has failed, since an interrupt ends input and output with an
  /// `IOException`, too.
  ///
  /// @throws InterruptedException if this thread was interrupted: then the failure means nothing
  public static void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /// Does work in a task of its own, and waits for its end whatever interrupts the caller
  /// meanwhile. The caller is then still interrupted.
  public static <T> T deferred(World world, String name, Work<T> work) throws InterruptedException {
    AtomicReference<@Nullable T> result = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Task task =
        world.start(
            name,
            () -> {
              try {
                result.set(work.run());
              } catch (InterruptedException | RuntimeException | Error e) {
                failure.set(e);
              }
            });
    boolean interrupted = false;
    while (!task.done()) {
      try {
        task.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    T done = result.get();
    if (done != null) {
      return done;
    }
    switch (failure.get()) {
      case RuntimeException e -> throw e;
      case InterruptedException e -> throw e;
      case Error e -> throw e;
      case null -> throw new IllegalStateException("the work gave nothing: " + name);
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
