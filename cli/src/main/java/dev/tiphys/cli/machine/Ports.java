package dev.tiphys.cli.machine;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// The ports of this machine.
public final class Ports {

  private Ports() {}

  /// What listens on a port of this machine, whatever its address; empty if nothing does.
  ///
  /// @param protocol `TCP` or `UDP`; of others nothing is known
  public static String user(String protocol, int port) {
    try {
      switch (protocol) {
        case "TCP" -> probeStream(port);
        case "UDP" -> new DatagramSocket(port).close();
        default -> {}
      }
      return "";
    } catch (IOException _) {
      return "a program of this machine";
    }
  }

  private static void probeStream(int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress("0.0.0.0", port));
    }
  }

  /// Makes sure that a port can be had, before anything is started that would have to be stopped
  /// again.
  ///
  /// @param option how another one is chosen
  /// @throws CliException if another process has it
  public static void requireFree(int port, String option) {
    try {
      probeStream(port);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(
          "cannot listen on port %d (%s); choose another one with %s"
              .formatted(port, e.getMessage(), option),
          e);
    }
  }
}
