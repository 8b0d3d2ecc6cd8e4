package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayDeque;
import java.util.Queue;

/// Events of a [FakeRuntime], as one listener hears them.
final class FakeEvents implements RuntimeEvents {

  private final Gate changed;
  private final Queue<RuntimeEvent> queue = new ArrayDeque<>();
  private boolean closed;

  FakeEvents(World world) {
    this.changed = world.background().gate();
  }

  void tell(RuntimeEvent event) {
    synchronized (queue) {
      queue.add(event);
    }
    changed.open();
  }

  @Override
  public RuntimeEvent next() throws InterruptedException {
    while (true) {
      synchronized (queue) {
        RuntimeEvent event = queue.poll();
        if (event != null) {
          return event;
        }
        if (closed) {
          throw new RuntimeFailure(Reason.UNAVAILABLE, "Unavailable", "the stream ended", null);
        }
      }
      changed.await();
    }
  }

  @Override
  public void close() {
    synchronized (queue) {
      closed = true;
    }
    changed.open();
  }
}
