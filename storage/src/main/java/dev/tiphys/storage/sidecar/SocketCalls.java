package dev.tiphys.storage.sidecar;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A driver behind a socket.
public final class SocketCalls implements DriverCalls, AutoCloseable {

  /// Copies of large volumes take long.
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final GrpcClient client;

  /// @param loops event loops of the NIO kind; stay the caller's
  public SocketCalls(World world, EventLoopGroup loops, Path socket) {
    client = new GrpcClient(world, loops, socket);
  }

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
