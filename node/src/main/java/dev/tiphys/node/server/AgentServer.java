package dev.tiphys.node.server;

import dev.tiphys.client.Api;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Serves the containers of this node to the API server, and tells of the node.
///
/// Keeps nothing itself: which container is meant stands in the Pod's status, and the runtime does
/// the rest.
///
/// Threads: any.
public final class AgentServer implements AutoCloseable {

  private static final int LARGEST_BODY = 64 << 10;

  private final AgentHandler handler;
  private final HttpServer http;

  /// @param settings of the node
  /// @param tls the server's own certificate, and the authorities of the clients that may ask
  public AgentServer(
      World world, Api api, ContainerRuntime runtime, NodeSettings settings, TlsSettings tls) {
    Callers callers = new Callers(world, api, tls.clientAuthorities(), settings.name());
    this.handler = new AgentHandler(world, api, runtime, settings, callers);
    this.http = new HttpServer(world, handler, LARGEST_BODY);
    http.secure(tls);
  }

  /// Begins to listen.
  ///
  /// @param port 0 for any that is free
  /// @return the port that is listened on
  /// @throws IOException if it can't be had
  public int listen(int port) throws IOException {
    int bound = http.listen(new InetSocketAddress("0.0.0.0", port)).getPort();
    handler.listening(bound);
    return bound;
  }

  /// Says what knows of volumes. Until then nothing is told of them.
  ///
  /// @param usages how full they are
  /// @param metrics tells what is done to them, and to devices
  public void volumes(VolumeUsages usages, Consumer<Exposition> metrics) {
    handler.volumes(usages, metrics);
  }

  /// Says what the service proxy of this node tells, at `/metrics/proxy`: its own page is for
  /// clients on the node alone.
  public void proxy(Supplier<String> page) {
    handler.proxy(page);
  }

  /// Says what tells how probes end, at `/metrics/probes`.
  public void probes(Consumer<Exposition> counts) {
    handler.probes(counts);
  }

  /// Shows another certificate from now on.
  public void secure(TlsSettings tls) {
    http.secure(tls);
  }

  @Override
  public void close() {
    http.close();
  }
}
