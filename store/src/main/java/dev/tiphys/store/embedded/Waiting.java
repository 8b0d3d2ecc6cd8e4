package dev.tiphys.store.embedded;

import dev.tiphys.world.Task;

/// Waiting that an interrupt does not end: for what must be over before a file may be closed.
final class Waiting {

  private Waiting() {}

  static void forEnd(Task task) {
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
  }
}
