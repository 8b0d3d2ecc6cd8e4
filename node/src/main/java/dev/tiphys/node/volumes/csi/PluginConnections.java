package dev.tiphys.node.volumes.csi;

import java.nio.file.Path;

/// How plugins are reached.
///
/// Threads: any.
public interface PluginConnections extends AutoCloseable {

  /// The process behind a socket, which need not answer yet.
  PluginEndpoint open(Path socket);

  @Override
  void close();
}
