package dev.tiphys.node.containerd;

import dev.tiphys.node.containerd.ContainerdException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where everything of our containerd is.
///
/// @param directory the one directory that holds it all
public record ContainerdFiles(Path directory) {

  /// What the kernel takes as the name of a unix socket, less what containerd puts behind it.
  private static final int LONGEST_SOCKET = 107 - ".ttrpc".length();

  /// @param data the node's data directory
  public static ContainerdFiles below(Path data) {
    return new ContainerdFiles(data.toAbsolutePath().normalize().resolve("containerd"));
  }

  /// Where CRI and containerd's own services are served.
  public Path socket() {
    return directory.resolve("containerd.sock");
  }

  /// What the containerd that runs has to complain about.
  public Path log() {
    return directory.resolve("containerd.log");
  }

  Path previousLog() {
    return directory.resolve("containerd.log.1");
  }

  /// Where users put what they want to say of registries, as containerd's `hosts.md` describes.
  public Path registries() {
    return directory.resolve("certs.d");
  }

  Path ttrpcSocket() {
    return directory.resolve("containerd.sock.ttrpc");
  }

  Path root() {
    return directory.resolve("root");
  }

  Path state() {
    return directory.resolve("state");
  }

  Path config() {
    return directory.resolve("config.toml");
  }

  Path pid() {
    return directory.resolve("containerd.pid");
  }

  /// Makes the directories that containerd does not make itself.
  void make() throws ContainerdException {
    if (socket().toString().length() > LONGEST_SOCKET) {
      throw new ContainerdException(
          Reason.BAD_DIRECTORY,
          "%s is too long a name for a unix socket: choose a shorter data directory"
              .formatted(socket()));
    }
    try {
      Files.createDirectories(registries());
    } catch (IOException e) {
      throw new ContainerdException(
          Reason.BAD_DIRECTORY, directory + " cannot be made: " + e.getMessage(), e);
    }
  }
}
