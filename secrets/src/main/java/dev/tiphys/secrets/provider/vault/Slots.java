package dev.tiphys.secrets.provider.vault;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Lets a few requests at a time go to each server; the others wait for their turn.
///
/// Threads: any.
final class Slots {

  private final int most;
  private final Map<String, Server> servers = new HashMap<>(); // guarded by itself

  private static final class Server {
    int used;
    final Deque<Gate> waiting = new ArrayDeque<>();
  }

  /// A slot that was taken; closing it is the next one's turn.
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /// @param most how many requests one server has at a time
  Slots(int most) {
    this.most = most;
  }

  Slot take(World world, String server) throws InterruptedException {
    Gate gate;
    synchronized (servers) {
      Server found = servers.computeIfAbsent(server, _ -> new Server());
      if (found.used < most) {
        found.used++;
        return () -> pass(server);
      }
      gate = world.gate();
      found.waiting.add(gate);
    }
    try {
      gate.await();
    } catch (InterruptedException e) {
      boolean still;
      synchronized (servers) {
        Server found = servers.get(server);
        still = found != null && found.waiting.remove(gate);
      }
      if (!still) {
        pass(server); // The turn came with the interrupt.
      }
      throw e;
    }
    return () -> pass(server);
  }

  private void pass(String server) {
    synchronized (servers) {
      Server found = servers.get(server);
      if (found == null) {
        return;
      }
      Gate next = found.waiting.poll();
      if (next != null) {
        next.open(); // it takes this slot over
      } else if (--found.used == 0) {
        servers.remove(server);
      }
    }
  }
}
