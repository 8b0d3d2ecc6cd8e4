package dev.tiphys.network.netlink;

import java.io.IOException;
import java.nio.file.Path;

/// A network namespace: which machine's network is meant.
@FunctionalInterface
public interface Namespace {

  /// That of this process.
  Namespace OWN = NetlinkSocket::open;

  /// Opens a socket there.
  ///
  /// @param protocol as [NetlinkSocket#open]
  NetlinkSocket open(int protocol) throws IOException;

  /// One that another process made.
  ///
  /// @param file as `/run/netns/blue`
  static Namespace at(Path file) {
    return protocol -> NetlinkSocket.openIn(file, protocol);
  }
}
