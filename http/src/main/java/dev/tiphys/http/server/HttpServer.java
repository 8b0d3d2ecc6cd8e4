package dev.tiphys.http.server;

import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Listens on a port and hands requests to a handler.
///
/// What a client can make the server hold is bounded: the head of a request by 1 MiB, its content
/// by what is read of it, requests by what has been read of the answers before them. A client that
/// keeps the server waiting is cut off: after 32 seconds without the whole head of a request, 90
/// between requests, 60 without the whole of a request's content, and 60 in which nothing was read
/// of an answer that is not a stream.
///
/// Threads: any. Two event-loop threads move bytes; handlers run on virtual threads.
public final class HttpServer implements AutoCloseable {

  /// Netty tells at length of clients that break rules; any client could fill the log with that.
  private static final Logger NETTY = Logger.getLogger("io.netty");

  static {
    NETTY.setLevel(Level.WARNING);
  }

  private static final int EVENT_LOOPS = 2;
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final AttributeKey<Liveness> LIVENESS = AttributeKey.valueOf("liveness");

  private final World world;
  private final HttpHandler handler;
  private final long largestContent;
  private final EventLoopGroup loops;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile @Nullable SslContext tls;
  private volatile @Nullable Timer nextSweep;
  private volatile boolean closed;
  private @Nullable Channel listener;

  /// @param largestContent how many bytes a request's content may have
  public HttpServer(World world, HttpHandler handler, long largestContent) {
    this.world = world;
    this.handler = handler;
    this.largestContent = largestContent;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  }

  /// Sets how the server proves its identity, for connections that are made from now on.
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
            .childOption(ChannelOption.SO_KEEPALIVE, true)
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
    sweepLater();
    return (InetSocketAddress) bound.channel().localAddress();
  }

  private void sweepLater() {
    if (!closed) {
      nextSweep = world.background().schedule(SWEEP, this::sweep);
    }
  }

  private void sweep() {
    try {
      loops.forEach(loop -> loop.execute(() -> sweep(loop)));
    } catch (RejectedExecutionException _) {
      return; // the server closes
    }
    sweepLater();
  }

  /// Closes the connections of an event loop that have kept the server waiting for too long.
  private void sweep(EventExecutor loop) {
    for (Channel connection : connections) {
      if (connection.eventLoop() == loop && isOver(connection)) {
        connection.pipeline().close();
      }
    }
  }

  private static boolean isOver(Channel connection) {
    Liveness liveness = connection.attr(LIVENESS).get();
    ChannelOutboundBuffer unsent = connection.unsafe().outboundBuffer();
    return liveness != null
        && liveness.isOver(unsent == null ? 0 : unsent.totalPendingWriteBytes());
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
    closed = true;
    Timer sweep = nextSweep;
    if (sweep != null) {
      sweep.cancel();
    }
    connections.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /// Sets up a new connection.
  private final class Connection extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      Liveness liveness = new Liveness(world);
      liveness.await(Timeouts.HEAD);
      channel.attr(LIVENESS).set(liveness);
      connections.add(channel);
      Dispatcher dispatcher = new Dispatcher(world, handler, largestContent);
      SslContext secured = tls;
      if (secured == null) {
        Http1Connection.begin(channel.pipeline(), dispatcher, liveness);
        return;
      }
      channel
          .pipeline()
          .addLast(
              secured.newHandler(channel.alloc()),
              new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                @Override
                protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                  if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    context.pipeline().addLast(Http2Connection.handler(dispatcher, liveness));
                  } else {
                    Http1Connection.begin(context.pipeline(), dispatcher, liveness);
                  }
                }

                @Override
                protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
                  context.close(); // a client that does not speak TLS, or not with us
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                  context.close();
                }
              });
    }
  }
}
