package dev.tiphys.grpc;

import com.google.protobuf.MessageLite;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls the gRPC services behind one unix socket, over one connection.
///
/// The connection is made by the first call, and made anew by the next call after it was lost;
/// calls that were under way then fail with `UNAVAILABLE`. Nothing is retried.
///
/// **Errors.** [GrpcException]. An interrupt cancels the call.
///
/// **Threads.** Any thread may call; each call holds its own.
public final class GrpcClient implements AutoCloseable {

  /// As much of a message as the server may send before it is taken.
  private static final int WINDOW = 1 << 20;

  private final World world;
  private final EventLoopGroup loops;
  private final Path socket;
  private final Object lock = new Object();
  private @Nullable ChannelFuture connection;
  private boolean closed;

  /// @param loops event loops of the NIO kind; stay the caller's
  /// @param socket the unix socket; need not exist yet
  public GrpcClient(World world, EventLoopGroup loops, Path socket) {
    this.world = world;
    this.loops = loops;
    this.socket = socket;
  }

  /// Asks one question and waits for the one answer.
  ///
  /// @param limit how long to wait; the server is told as well
  public <Q extends MessageLite, R extends MessageLite> R call(
      GrpcMethod<Q, R> method, Q request, Map<String, String> metadata, Duration limit)
      throws InterruptedException {
    try (GrpcCall<Q, R> call = started(method, metadata, limit)) {
      call.sendLast(request);
      R answer = call.receive();
      if (answer == null || call.receive() != null) {
        throw new GrpcException(GrpcStatus.INTERNAL, "not one answer to " + method.path());
      }
      return answer;
    }
  }

  /// Starts a call with streams of messages. The caller closes it.
  public <Q extends MessageLite, R extends MessageLite> GrpcCall<Q, R> open(
      GrpcMethod<Q, R> method, Map<String, String> metadata) throws InterruptedException {
    return started(method, metadata, null);
  }

  /// Closes the connection; calls under way fail, and so do later ones.
  @Override
  public void close() {
    ChannelFuture open;
    synchronized (lock) {
      closed = true;
      open = connection;
      connection = null;
    }
    if (open != null) {
      open.channel().close();
    }
  }

  private <Q extends MessageLite, R extends MessageLite> GrpcCall<Q, R> started(
      GrpcMethod<Q, R> method, Map<String, String> metadata, @Nullable Duration limit)
      throws InterruptedException {
    GrpcCall<Q, R> call = new GrpcCall<>(world, method, limit);
    Channel connected = connected(call);
    Future<Http2StreamChannel> opening =
        new Http2StreamChannelBootstrap(connected)
            .option(ChannelOption.AUTO_READ, false)
            .handler(call.responses())
            .open();
    await(opening, call);
    if (!opening.isSuccess()) {
      throw new GrpcException(
          GrpcStatus.UNAVAILABLE, "the connection to " + socket + " was lost", opening.cause());
    }
    call.start(opening.getNow(), headers(method, metadata));
    return call;
  }

  private Channel connected(GrpcCall<?, ?> call) throws InterruptedException {
    ChannelFuture attempt;
    synchronized (lock) {
      if (closed) {
        throw new GrpcException(GrpcStatus.UNAVAILABLE, "the client was closed");
      }
      attempt = connection;
      if (attempt == null || (attempt.isDone() && !attempt.channel().isActive())) {
        attempt = connect();
        connection = attempt;
      }
    }
    await(attempt, call);
    if (!attempt.isSuccess()) {
      throw new GrpcException(
          GrpcStatus.UNAVAILABLE,
          "cannot connect to " + socket + ": " + attempt.cause().getMessage(),
          attempt.cause());
    }
    return attempt.channel();
  }

  private ChannelFuture connect() {
    return new Bootstrap()
        .group(loops)
        .channel(NioDomainSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forClient()
                            .gracefulShutdownTimeoutMillis(0)
                            .initialSettings(
                                Http2Settings.defaultSettings()
                                    .pushEnabled(false)
                                    .initialWindowSize(WINDOW))
                            .build(),
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                        new FarewellHandler());
              }
            })
        .connect(UnixDomainSocketAddress.of(socket));
  }

  private void await(Future<?> future, GrpcCall<?, ?> call) throws InterruptedException {
    Gate done = world.gate();
    future.addListener(_ -> done.open());
    call.await(done);
  }

  private static Http2Headers headers(GrpcMethod<?, ?> method, Map<String, String> metadata) {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .path(method.path())
            .authority("localhost")
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    metadata.forEach(headers::set);
    return headers;
  }

  /// Takes a connection out of use when the server says that it takes no more calls on it.
  private final class FarewellHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      if (frame instanceof Http2GoAwayFrame) {
        synchronized (lock) {
          if (connection != null && connection.channel() == context.channel()) {
            connection = null;
          }
        }
      }
      ReferenceCountUtil.release(frame);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
