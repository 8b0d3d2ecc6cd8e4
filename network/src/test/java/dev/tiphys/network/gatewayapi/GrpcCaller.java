package dev.tiphys.network.gatewayapi;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A client of gRPC over TLS.
final class GrpcCaller implements AutoCloseable {

  private static final int PREFIX = 5; // compressed or not, and the length

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final String host;
  private final Channel connection;

  /// @throws IllegalStateException if there is no connection on which HTTP/2 is spoken
  GrpcCaller(int port, String host, X509Certificate authority) throws Exception {
    this.host = host;
    SslContext tls =
        SslContextBuilder.forClient()
            .trustManager(authority)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2))
            .build();
    connection =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            tls.newHandler(channel.alloc(), host, port),
                            Http2FrameCodecBuilder.forClient().build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                  }
                })
            .connect(GatewayCluster.LOOPBACK, port)
            .sync()
            .channel();
    SslHandler handler = connection.pipeline().get(SslHandler.class);
    handler.handshakeFuture().sync();
    if (!ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
      throw new IllegalStateException("the server does not speak HTTP/2");
    }
  }

  /// A call with one message; what it was answered: the Pod, the message, and the status.
  String call(String path, String... headers) throws Exception {
    try (Call call = begin(path, headers)) {
      call.send("hello", true);
      StringBuilder said = new StringBuilder();
      String next = call.next();
      while (!next.startsWith("status ")) {
        said.append(next).append(' ');
        next = call.next();
      }
      return said + next.substring(7);
    }
  }

  Call begin(String path, String... headers) throws Exception {
    BlockingQueue<String> came = new LinkedBlockingQueue<>();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Answers(came))
            .open()
            .sync()
            .getNow();
    DefaultHttp2Headers head = new DefaultHttp2Headers();
    head.method("POST").scheme("https").authority(host).path(path);
    head.set("content-type", "application/grpc").set("te", "trailers");
    for (String each : headers) {
      head.set(each.split("=")[0], each.split("=")[1]);
    }
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(head)).sync();
    return new Call(stream, came);
  }

  /// A call that is under way.
  record Call(Http2StreamChannel stream, BlockingQueue<String> came) implements AutoCloseable {

    void send(String message, boolean last) throws InterruptedException {
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      ByteBuf framed = Unpooled.buffer().writeByte(0).writeInt(bytes.length).writeBytes(bytes);
      stream.writeAndFlush(new DefaultHttp2DataFrame(framed, last)).sync();
    }

    /// The next thing that comes.
    String next() throws InterruptedException {
      String next = came.poll(20, TimeUnit.SECONDS);
      return next == null ? "status none" : next;
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  /// Tells of what comes back, in order: the Pod, messages, and `status` with its number.
  private static final class Answers extends ChannelInboundHandlerAdapter {
    private final BlockingQueue<String> came;
    private final ByteBuf bytes = Unpooled.buffer();

    Answers(BlockingQueue<String> came) {
      this.came = came;
    }

    @Override
    public void channelRead(ChannelHandlerContext stream, Object frame) {
      if (frame instanceof Http2HeadersFrame head) {
        if (head.headers().contains("x-pod")) {
          came.add(head.headers().get("x-pod").toString());
        }
        if (head.headers().contains("grpc-status")) {
          came.add("status " + head.headers().get("grpc-status"));
        } else if (head.isEndStream()) {
          came.add("status http-" + head.headers().status());
        }
      } else if (frame instanceof Http2DataFrame data) {
        bytes.writeBytes(data.content());
        while (bytes.readableBytes() >= PREFIX
            && bytes.readableBytes() >= PREFIX + bytes.getInt(bytes.readerIndex() + 1)) {
          bytes.skipBytes(1);
          came.add(bytes.readCharSequence(bytes.readInt(), StandardCharsets.UTF_8).toString());
        }
        if (data.isEndStream()) {
          came.add("status http");
        }
      }
      ReferenceCountUtil.release(frame);
    }
  }

  @Override
  public void close() {
    connection.close().awaitUninterruptibly();
    loop.shutdownGracefully();
  }
}
