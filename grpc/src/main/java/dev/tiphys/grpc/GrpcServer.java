package dev.tiphys.grpc;

import dev.tiphys.world.World;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Answers gRPC calls on one unix socket: such of one message each way.
///
/// Each call is answered by a task of its own. A path that no service knows is `UNIMPLEMENTED`, as
/// is a message that is compressed.
///
/// Threads: any.
public final class GrpcServer implements AutoCloseable {

  private final Channel listening;
  private final Path socket;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /// Starts it. A socket that another process has left behind is replaced.
  ///
  /// @param loops event loops of the NIO kind; stay the caller's
  /// @throws IOException if the socket can't be made
  public GrpcServer(World world, EventLoopGroup loops, Path socket, List<GrpcService> services)
      throws IOException {
    this.socket = socket;
    Files.deleteIfExists(socket);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(new Connections(world, List.copyOf(services)))
            .bind(UnixDomainSocketAddress.of(socket))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + socket, bound.cause());
    }
    listening = bound.channel();
  }

  /// Where it listens.
  public Path socket() {
    return socket;
  }

  private final class Connections extends ChannelInitializer<Channel> {
    private final World world;
    private final List<GrpcService> services;

    Connections(World world, List<GrpcService> services) {
      this.world = world;
      this.services = services;
    }

    @Override
    protected void initChannel(Channel connection) {
      connections.add(connection);
      connection
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forServer().gracefulShutdownTimeoutMillis(0).build(),
              new Http2MultiplexHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                      stream.pipeline().addLast(new ServedCall(world, services));
                    }
                  }));
    }
  }

  /// Ends all calls, and takes the socket away.
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      // the next server on it replaces it
    }
  }
}
