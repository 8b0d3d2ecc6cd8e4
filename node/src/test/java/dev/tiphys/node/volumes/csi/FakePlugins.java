package dev.tiphys.node.volumes.csi;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Plugins in this process, behind sockets that are only there to be seen.
///
/// Threads: any.
public final class FakePlugins implements PluginConnections {
  private final Map<Path, UnaryOperator<MessageLite>> plugins = new ConcurrentHashMap<>();
  private volatile Runnable onChange = () -> {};
  private final Map<Path, World> hanging = new ConcurrentHashMap<>();

  /// A storage driver makes itself known.
  public void start(Path registry, FakeDriver driver) throws IOException {
    start(registry, FakeDriver.NAME, driver::answer);
  }

  /// A plugin makes itself known.
  public void start(Path registry, String name, UnaryOperator<MessageLite> answers)
      throws IOException {
    Files.createDirectories(registry);
    Path socket = registry.resolve(name + "-reg.sock");
    plugins.put(socket, answers);
    listen(socket);
    onChange.run();
  }

  private static void listen(Path socket) throws IOException {
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
    }
  }

  /// Something makes itself known that never answers.
  public void startHanging(Path registry, World world) throws IOException {
    Path socket = registry.resolve("a-hangs-reg.sock");
    listen(socket);
    hanging.put(socket, world.background());
    onChange.run();
  }

  /// The storage driver vanishes.
  public void stop(Path registry) throws IOException {
    stop(registry, FakeDriver.NAME);
  }

  /// A plugin vanishes.
  public void stop(Path registry, String name) throws IOException {
    Path socket = registry.resolve(name + "-reg.sock");
    plugins.remove(socket);
    Files.deleteIfExists(socket);
    onChange.run();
  }

  @Override
  public Watch watch(Path directory, int depth, Runnable changed) {
    onChange = changed;
    return () -> onChange = () -> {};
  }

  @Override
  public PluginEndpoint open(Path socket) {
    return new PluginEndpoint() {
      @Override
      @SuppressWarnings("unchecked")
      public <Q extends MessageLite, R extends MessageLite> R call(
          GrpcMethod<Q, R> method, Q request) throws InterruptedException {
        World world = hanging.get(socket);
        if (world != null) {
          world.gate().await();
        }
        UnaryOperator<MessageLite> plugin = plugins.get(socket);
        if (plugin == null) {
          throw new GrpcException(GrpcStatus.UNAVAILABLE, "cannot connect to " + socket);
        }
        return (R) plugin.apply(request);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
