package dev.tiphys.storage.driver;

import dev.tiphys.grpc.GrpcServer;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.volumes.Volumes;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.List;

/// Our storage driver on one node: it answers as Identity, Controller and Node, and makes itself
/// known to the node's agent.
///
/// Threads: any.
public final class Driver implements AutoCloseable {

  public static final String NAME = "local.tiphys.dev";

  /// The segment of topologies that names a node.
  public static final String TOPOLOGY = "topology.local.tiphys.dev/node";

  private final GrpcServer server;
  private final GrpcServer registration;

  private Driver(GrpcServer server, GrpcServer registration) {
    this.server = server;
    this.registration = registration;
  }

  /// Clears away what a process before has left half-made, and starts to answer.
  ///
  /// @param loops event loops of the NIO kind; stay the caller's
  /// @throws IOException if it can't
  public static Driver start(
      World world, EventLoopGroup loops, Machine machine, DriverSettings settings)
      throws IOException, InterruptedException {
    Volumes volumes = new Volumes(machine, settings.data(), world::now);
    volumes.recover();
    Guard guard = new Guard();
    machine.makeDirectory(settings.socket().resolveSibling("."));
    machine.makeDirectory(settings.registration().resolveSibling("."));
    GrpcServer server =
        new GrpcServer(
            world,
            loops,
            settings.socket(),
            List.of(
                IdentityAnswers.service(settings.version()),
                new ControllerAnswers(volumes, settings.node(), guard).service(),
                new NodeAnswers(new Staging(machine, volumes), settings.node(), guard).service()));
    try {
      return new Driver(
          server,
          new GrpcServer(
              world,
              loops,
              settings.registration(),
              List.of(IdentityAnswers.registration(settings.socket()))));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /// Ends the answers. What is staged and published stays.
  @Override
  public void close() {
    registration.close();
    server.close();
  }
}
