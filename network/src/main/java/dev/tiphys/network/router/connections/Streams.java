package dev.tiphys.network.router.connections;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.util.HashMap;
import java.util.Map;

/// Streams of HTTP/2 to endpoints, of one event loop. An endpoint has one connection, and another
/// one once that takes no further streams: it has as many as the endpoint allows, or was told to
/// end (RFC 9113, 5.1.2 and 6.8).
///
/// Threads: the event loop.
final class Streams {

  private final Pool pool;
  private final Map<Endpoint, ChannelFuture> connections = new HashMap<>();

  Streams(Pool pool) {
    this.pool = pool;
  }

  void open(Endpoint endpoint, BackendPolicy policy, Pool.Waiting waiting) {
    ChannelFuture connection = connections.get(endpoint);
    if (connection == null || connection.isDone() && !takesMore(connection)) {
      connection = connect(endpoint, policy);
      connections.put(endpoint, connection);
    }
    connection.addListener(
        made -> {
          if (made.isSuccess()) {
            openOn(((ChannelFuture) made).channel(), endpoint, waiting);
          } else {
            waiting.failed(made.cause());
          }
        });
  }

  private static boolean takesMore(ChannelFuture connection) {
    Http2FrameCodec codec = connection.channel().pipeline().get(Http2FrameCodec.class);
    return connection.channel().isActive()
        && codec != null
        && codec.connection().local().canOpenStream()
        && !codec.connection().goAwayReceived();
  }

  private ChannelFuture connect(Endpoint endpoint, BackendPolicy policy) {
    ChannelFuture connection =
        pool.connector(policy.connect())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Pool.secure(channel, policy, endpoint);
                    begin(channel);
                  }
                })
            .connect(endpoint.address());
    connection.channel().closeFuture().addListener(_ -> connections.remove(endpoint, connection));
    return connection;
  }

  private void begin(Channel channel) {
    channel
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forClient()
                .initialSettings(
                    new Http2Settings().pushEnabled(false).maxHeaderListSize(Pool.LARGEST_HEAD))
                .build(),
            new Http2MultiplexHandler(new RefusedStreams()));
    IdleHttp2.watch(channel, pool.deadlines(), pool.rest());
  }

  private void openOn(Channel connection, Endpoint endpoint, Pool.Waiting waiting) {
    Upstream upstream = new Upstream(pool, endpoint, true);
    new Http2StreamChannelBootstrap(connection)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false), upstream);
              }
            })
        .open()
        .addListener(made -> Pool.tell(waiting, upstream, made));
  }

  /// Streams that an endpoint begins: it was told that it must not (RFC 9113, 8.4).
  private static final class RefusedStreams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.close();
    }
  }
}
