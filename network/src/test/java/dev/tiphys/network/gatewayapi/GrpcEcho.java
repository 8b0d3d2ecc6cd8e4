package dev.tiphys.network.gatewayapi;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;

/// A Pod that speaks gRPC without TLS: each message of a call comes back as it is, and the header
/// `x-pod` says which Pod it was. Calls of a method `Fail` fail with NOT_FOUND.
final class GrpcEcho implements AutoCloseable {

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel socket;

  GrpcEcho(String name) {
    socket =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                  @Override
                                  protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Call(name));
                                  }
                                }));
                  }
                })
            .bind(GatewayCluster.LOOPBACK, 0)
            .awaitUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) socket.localAddress()).getPort();
  }

  private static final class Call extends ChannelInboundHandlerAdapter {
    private final String name;

    Call(String name) {
      this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext stream, Object frame) {
      boolean ended = false;
      if (frame instanceof Http2HeadersFrame head) {
        ended = head.isEndStream();
        DefaultHttp2Headers answer = new DefaultHttp2Headers();
        answer.status("200").set("content-type", "application/grpc").set("x-pod", name);
        if (head.headers().path().toString().endsWith("/Fail")) {
          answer.set("grpc-status", "5").set("grpc-message", "there is none");
          stream.writeAndFlush(new DefaultHttp2HeadersFrame(answer, true));
          return;
        }
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(answer));
      } else if (frame instanceof Http2DataFrame data) {
        ended = data.isEndStream();
        stream.writeAndFlush(new DefaultHttp2DataFrame(data.content(), false));
      } else {
        ReferenceCountUtil.release(frame);
      }
      if (ended) {
        DefaultHttp2Headers trailers = new DefaultHttp2Headers();
        trailers.set("grpc-status", "0");
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext stream, Throwable cause) {
      stream.close();
    }
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    loop.shutdownGracefully();
  }
}
