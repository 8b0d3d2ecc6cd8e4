package dev.tiphys.world;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for what has to be told one before it listens.
public final class TestPorts {

  /// Below those that the kernel gives to sockets that ask for any: what was free would be taken by
  /// one of these before it is used. And below the ports that nodes have for Services.
  private static final int FIRST = 20_000;

  private static final int COUNT = 10_000;

  /// Processes begin at places of their own.
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

  private TestPorts() {}

  /// A port that is free, and that no other test of this process is given soon.
  public static int free() {
    while (true) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // it is in use
      }
    }
  }
}
