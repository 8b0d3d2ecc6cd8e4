package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.IdleHttp2;
import dev.tiphys.network.router.message.Forwarded;
import dev.tiphys.network.router.message.ResponseWriter;
import dev.tiphys.network.router.message.StrictRequestDecoder;
import dev.tiphys.network.router.streams.NameSwitch;
import dev.tiphys.network.router.streams.StreamRelay;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.tls.Certificates;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import org.jspecify.annotations.Nullable;

/// Sets up the connection of a client for the protocol that it speaks: by ALPN with TLS (RFC 9113,
/// 3.2), else by its first bytes (3.3).
///
/// @param certificates null where no TLS is spoken
/// @param others where a connection goes whose client does not speak HTTP; null if it is refused
record ClientPipeline(
    Worker worker,
    Listener listener,
    Forwarded forwarded,
    @Nullable Certificates certificates,
    @Nullable StreamRoute others)
    implements NameSwitch.Otherwise {

  private static final int MOST_STREAMS = 128; // nginx' number

  @Override
  public void begin(ChannelPipeline pipeline) {
    if (certificates == null) {
      pipeline.addLast(new FirstBytes(this));
    } else {
      pipeline.addLast(certificates.handler(), new Negotiated());
    }
  }

  @Override
  public ChannelHandler terminating() {
    if (certificates == null) {
      throw new IllegalStateException("TLS does not end at a port without certificates");
    }
    return certificates.handler();
  }

  /// Passes on what is not HTTP.
  void other(ChannelPipeline pipeline, StreamRoute route) {
    pipeline.addLast(new StreamRelay(route, listener.access(), worker.random()));
  }

  /// Speaks HTTP/1.1, and HTTP/1.0.
  void http1(ChannelPipeline pipeline) {
    ResponseWriter writer = new ResponseWriter();
    pipeline
        .addLast(ClientStream.DECODER, new StrictRequestDecoder(worker.settings().largestHead()))
        .addLast(ClientStream.ENCODER, writer)
        .addLast(new ClientStream(worker, listener, forwarded, writer));
  }

  /// Speaks HTTP/2: each stream is a channel of its own.
  void http2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                new Http2Settings()
                    .maxConcurrentStreams(MOST_STREAMS)
                    .maxHeaderListSize(worker.settings().largestHead()))
            .build(),
        new Http2MultiplexHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream
                    .pipeline()
                    .addLast(
                        new Http2StreamFrameToHttpObjectCodec(true),
                        Http2Requests.ALL,
                        new ClientStream(worker, listener, forwarded, null));
              }
            }));
    IdleHttp2.watch(pipeline.channel(), worker.deadlines(), worker.settings().idleTimeout());
  }

  final class Negotiated extends ApplicationProtocolNegotiationHandler {
    Negotiated() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        http2(context.pipeline());
      } else {
        http1(context.pipeline());
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
  }
}
