package dev.tiphys.node.volumes.csi;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Drivers in this process, behind sockets that are only there to be seen.
///
/// Threads: any.
public final class FakePlugins implements PluginConnections {
  private final Map<Path, FakeDriver> drivers = new ConcurrentHashMap<>();

  /// A driver makes itself known.
  public void start(Path registry, FakeDriver driver) throws IOException {
    Files.createDirectories(registry);
    Path socket = registry.resolve(FakeDriver.NAME + "-reg.sock");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
    }
    drivers.put(socket, driver);
  }

  /// A driver vanishes.
  public void stop(Path registry) throws IOException {
    Path socket = registry.resolve(FakeDriver.NAME + "-reg.sock");
    drivers.remove(socket);
    Files.deleteIfExists(socket);
  }

  @Override
  public PluginEndpoint open(Path socket) {
    return new PluginEndpoint() {
      @Override
      @SuppressWarnings("unchecked")
      public <Q extends MessageLite, R extends MessageLite> R call(
          GrpcMethod<Q, R> method, Q request) {
        FakeDriver driver = drivers.get(socket);
        if (driver == null) {
          throw new GrpcException(GrpcStatus.UNAVAILABLE, "cannot connect to " + socket);
        }
        return (R) driver.answer(request);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
