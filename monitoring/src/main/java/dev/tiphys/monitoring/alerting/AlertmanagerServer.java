package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.program.ProgramState;
import java.net.InetSocketAddress;

/// An Alertmanager that runs.
///
/// Threads: any.
public interface AlertmanagerServer extends AutoCloseable {

  ProgramState state();

  /// Where it answers, or will.
  InetSocketAddress address();

  /// Has it read its configuration again. Returns why it did not take it; empty if it did.
  String reload() throws InterruptedException;

  /// Ends it, and waits for its end.
  @Override
  void close();
}
