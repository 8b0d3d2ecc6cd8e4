package dev.tiphys.node.volumes.csi;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Reaches the processes behind the sockets of this machine.
///
/// Threads: any.
public final class PluginSockets implements PluginConnections {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final World world;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  public PluginSockets(World world) {
    this.world = world;
  }

  @Override
  public PluginEndpoint open(Path socket) {
    return new Connected(new GrpcClient(world, loops, socket));
  }

  @Override
  public Watch watch(Path directory, int depth, Runnable onChange) throws IOException {
    return new DirectoryWatch(world, directory, depth, onChange);
  }

  private record Connected(GrpcClient client) implements PluginEndpoint {
    @Override
    public <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
        throws InterruptedException {
      return client.call(method, request, Map.of(), LIMIT);
    }

    @Override
    public void close() {
      client.close();
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
