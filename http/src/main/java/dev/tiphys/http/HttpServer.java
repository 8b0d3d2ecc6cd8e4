package dev.tiphys.http;

import dev.tiphys.world.World;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Listens on a port and hands requests to a handler.
///
/// Threads: any. Two event-loop threads move bytes; handlers run on virtual threads.
public final class HttpServer implements AutoCloseable {

  private static final int EVENT_LOOPS = 2;

  private final World world;
  private final HttpHandler handler;
  private final int largestBody;
  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile @Nullable SslContext tls;
  private @Nullable Channel listener;

  /// @param largestBody how many bytes a request's content may have
  public HttpServer(World world, HttpHandler handler, int largestBody) {
    this.world = world;
    this.handler = handler;
    this.largestBody = largestBody;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  }

  /// Sets how the server proves who it is, for connections that are made from now on.
  public void secure(TlsSettings settings) {
    tls = Tls.context(settings);
  }

  /// Begins to listen.
  ///
  /// @param address port 0 for any that is free
  /// @return the address that is listened on
  /// @throws IOException if it can't be had, for example because another process has it
  public InetSocketAddress listen(InetSocketAddress address) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 << 10, 512 << 10))
            .childHandler(new Connection());
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + address.getHostString() + ":" + address.getPort(), bound.cause());
    }
    listener = bound.channel();
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /// How many connections are open.
  public int connections() {
    return connections.size();
  }

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    Channel listening = listener;
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    connections.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /// Sets up a new connection.
  private final class Connection extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      connections.add(channel);
      Dispatcher dispatcher = new Dispatcher(world, handler, largestBody);
      SslContext secured = tls;
      if (secured == null) {
        speakHttp1(channel.pipeline(), dispatcher);
        return;
      }
      channel
          .pipeline()
          .addLast(
              secured.newHandler(channel.alloc()),
              new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                @Override
                protected void configurePipeline(
                    io.netty.channel.ChannelHandlerContext context, String protocol) {
                  if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    context.pipeline().addLast(Http2Connection.handler(dispatcher));
                  } else {
                    speakHttp1(context.pipeline(), dispatcher);
                  }
                }

                @Override
                protected void handshakeFailure(
                    io.netty.channel.ChannelHandlerContext context, Throwable cause) {
                  context.close(); // a client that does not speak TLS, or not with us
                }

                @Override
                public void exceptionCaught(
                    io.netty.channel.ChannelHandlerContext context, Throwable cause) {
                  context.close();
                }
              });
    }

    private static void speakHttp1(ChannelPipeline pipeline, Dispatcher dispatcher) {
      pipeline.addLast("codec", new HttpServerCodec());
      pipeline.addLast("connection", new Http1Connection(dispatcher));
    }
  }
}
