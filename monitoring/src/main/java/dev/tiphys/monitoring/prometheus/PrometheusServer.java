package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.object.Struct;
import java.net.InetSocketAddress;
import java.util.List;

/// A Prometheus that runs.
///
/// Threads: any.
public interface PrometheusServer extends AutoCloseable {

  ProgramState state();

  /// Where it answers, or will.
  InetSocketAddress address();

  /// Has it read its configuration again. Returns why it did not take it; empty if it did.
  String reload() throws InterruptedException;

  /// What it scrapes, as `/api/v1/targets` tells it.
  List<Struct> targets() throws QueryException, InterruptedException;

  /// Ends it, and waits for its end.
  @Override
  void close();
}
