package dev.tiphys.node.volumes.csi;

import java.io.IOException;
import java.nio.file.Path;

/// How plugins are reached.
///
/// Threads: any.
public interface PluginConnections extends AutoCloseable {

  /// The process behind a socket, which need not answer yet.
  PluginEndpoint open(Path socket);

  /// Watches where sockets come and go. Something may be missed.
  ///
  /// @param depth how far below the directory to look
  /// @param onChange told that something changed; it must not wait
  /// @throws IOException if the directory cannot be watched
  Watch watch(Path directory, int depth, Runnable onChange) throws IOException;

  /// A watch, until it is closed.
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  void close();
}
