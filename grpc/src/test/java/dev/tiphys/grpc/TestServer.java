package dev.tiphys.grpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A gRPC server for tests: it shows the raw frames of calls, and a script decides what it does.
final class TestServer implements AutoCloseable {

  /// One call, as the server sees it.
  static final class Call {
    private final ChannelHandlerContext context;
    final Http2HeadersFrame request;
    final ByteBuf body;

    private Call(ChannelHandlerContext context, Http2HeadersFrame request) {
      this.context = context;
      this.request = request;
      this.body = context.alloc().buffer();
    }

    String path() {
      return request.headers().path().toString();
    }

    void reset(Http2Error error) {
      context.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }

    void begin() {
      context.writeAndFlush(
          new DefaultHttp2HeadersFrame(
              new DefaultHttp2Headers().status("200").set("content-type", "application/grpc")));
    }

    void message(byte[] message) {
      ByteBuf frame = context.alloc().buffer();
      frame.writeByte(0).writeInt(message.length).writeBytes(message);
      bytes(frame);
    }

    void bytes(ByteBuf bytes) {
      context.writeAndFlush(new DefaultHttp2DataFrame(bytes));
    }

    ChannelFuture end(int status, String message) {
      return context.writeAndFlush(
          new DefaultHttp2HeadersFrame(
              new DefaultHttp2Headers()
                  .set("grpc-status", Integer.toString(status))
                  .set("grpc-message", message),
              true));
    }

    void refuse(int status, String message) {
      context.writeAndFlush(
          new DefaultHttp2HeadersFrame(
              new DefaultHttp2Headers()
                  .status("200")
                  .set("grpc-status", Integer.toString(status))
                  .set("grpc-message", message),
              true));
    }
  }

  /// Whether to run the script after each piece of what the client says.
  volatile boolean eager;

  final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel channel;

  /// @param script called when the client has said all
  TestServer(EventLoopGroup loops, Path socket, Consumer<Call> script) throws Exception {
    channel =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    accepted.incrementAndGet();
                    connections.add(connection);
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer()
                                .gracefulShutdownTimeoutMillis(0)
                                .build(),
                            new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                  @Override
                                  protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new CallHandler(script));
                                  }
                                }));
                  }
                })
            .bind(UnixDomainSocketAddress.of(socket))
            .sync()
            .channel();
  }

  /// How many connections were made, since the start.
  int accepted() {
    return accepted.get();
  }

  void dropConnections() {
    connections.close();
  }

  void sayFarewell() throws InterruptedException {
    connections
        .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(0))
        .await();
  }

  @Override
  public void close() throws InterruptedException {
    channel.close().await();
    connections.close().await();
  }

  private final class CallHandler extends ChannelInboundHandlerAdapter {
    private final Consumer<Call> script;
    private @Nullable Call call;

    CallHandler(Consumer<Call> script) {
      this.script = script;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      if (frame instanceof Http2HeadersFrame headers) {
        call = new Call(context, headers);
      } else if (frame instanceof Http2DataFrame data && call != null) {
        call.body.writeBytes(data.content());
        if (data.isEndStream() || eager) {
          script.accept(call);
        }
      }
      ReferenceCountUtil.release(frame);
    }

    /// Clients go away in the middle of calls: that is what some tests are about.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        resets.add(reset.errorCode());
      }
    }
  }
}
