package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.program.ChildServer;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A Prometheus that is a child of this process.
///
/// Threads: any.
record ChildPrometheus(ChildServer server) implements PrometheusServer {

  @Override
  public ProgramState state() {
    return server.state();
  }

  @Override
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public String reload() throws InterruptedException {
    return server.reload();
  }

  @Override
  public List<Struct> targets() throws QueryException, InterruptedException {
    return new PrometheusQueries(this::ask).activeTargets();
  }

  private Struct ask(String path) throws QueryException, InterruptedException {
    try {
      return Json.struct(server.get(path).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | EncodingException e) {
      throw new QueryException("", "it does not answer: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
