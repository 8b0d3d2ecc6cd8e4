package dev.tiphys.monitoring.program;

import java.io.IOException;
import java.net.InetSocketAddress;

/// A server of the Prometheus family that runs.
///
/// Threads: any.
public interface Server extends AutoCloseable {

  ProgramState state();

  /// Where it answers, or will.
  InetSocketAddress address();

  /// Has it read its configuration again. Returns why it did not take it; empty if it did.
  String reload() throws InterruptedException;

  /// What it answers at a path.
  String get(String path) throws IOException, InterruptedException;

  /// Ends it, and waits for its end.
  @Override
  void close();
}
