package dev.tiphys.network.router.connections;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.tls.EndpointContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The connections to endpoints of one event loop.
///
/// The one that was used last is taken first, so that those which are not needed rest until they
/// are closed.
///
/// Threads: the event loop.
public final class Pool {

  private static final int MOST_IDLE = 256; // of one endpoint

  /// How many bytes the head of a response may have.
  static final int LARGEST_HEAD = 64 << 10;

  /// Of what is written to a socket, so much waits at most before no more is read for it.
  public static final WriteBufferWaterMark ROOM = new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final EventLoop loop;
  private final Deadlines deadlines;
  private final Duration rest;
  private final Streams streams;
  private final Map<Endpoint, Deque<Upstream>> idle = new HashMap<>();

  /// @param loop on which the connections are
  /// @param rest how long one is kept without a request
  public Pool(EventLoop loop, Deadlines deadlines, Duration rest) {
    this.loop = loop;
    this.deadlines = deadlines;
    this.rest = rest;
    this.streams = new Streams(this);
  }

  Deadlines deadlines() {
    return deadlines;
  }

  Duration rest() {
    return rest;
  }

  /// What waits for a connection.
  public interface Waiting {

    /// There is one, which is to be given back.
    void connected(Upstream upstream);

    /// There will be none.
    void failed(Throwable cause);
  }

  /// A connection that is open and rests; null if there is none.
  public @Nullable Upstream take(Endpoint endpoint) {
    Deque<Upstream> resting = idle.get(endpoint);
    Upstream upstream = resting == null ? null : resting.pollLast();
    while (upstream != null && resting != null && !upstream.channel().isActive()) {
      upstream = resting.pollLast();
    }
    if (resting != null && resting.isEmpty()) {
      idle.remove(endpoint);
    }
    return upstream;
  }

  /// Takes back a connection whose last exchange is over.
  public void give(Upstream upstream) {
    if (upstream.isStream()) {
      upstream.end();
      return;
    }
    Deque<Upstream> resting = idle.computeIfAbsent(upstream.endpoint(), _ -> new ArrayDeque<>());
    if (resting.size() >= MOST_IDLE) {
      upstream.close();
    } else {
      resting.addLast(upstream);
      upstream.rest(rest);
    }
  }

  /// Forgets a connection that was closed.
  void remove(Upstream upstream) {
    Deque<Upstream> resting = idle.get(upstream.endpoint());
    if (resting != null && resting.remove(upstream) && resting.isEmpty()) {
      idle.remove(upstream.endpoint());
    }
  }

  /// Closes all that rest of an endpoint: one of them was found broken.
  public void drop(Endpoint endpoint) {
    Deque<Upstream> resting = idle.remove(endpoint);
    if (resting != null) {
      resting.forEach(Upstream::close);
    }
  }

  /// Makes a new connection, or a new stream of one.
  public void connect(Endpoint endpoint, BackendPolicy policy, Waiting waiting) {
    switch (policy.protocol()) {
      case HTTP_1 -> connectOne(endpoint, policy, waiting);
      case HTTP_2 -> streams.open(endpoint, policy, waiting);
    }
  }

  private void connectOne(Endpoint endpoint, BackendPolicy policy, Waiting waiting) {
    Upstream upstream = new Upstream(this, endpoint, false);
    HttpDecoderConfig limits =
        new HttpDecoderConfig().setMaxHeaderSize(LARGEST_HEAD).setMaxChunkSize(64 << 10);
    connector(policy.connect())
        .option(ChannelOption.AUTO_READ, false)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                secure(channel, policy, endpoint);
                channel
                    .pipeline()
                    .addLast(Upstream.CODEC, new HttpClientCodec(limits, false, false))
                    .addLast(upstream);
              }
            })
        .connect(endpoint.address())
        .addListener(made -> tell(waiting, upstream, made));
  }

  /// Tells what waits for a connection what has become of it.
  static void tell(Waiting waiting, Upstream upstream, Future<?> made) {
    if (made.isSuccess()) {
      waiting.connected(upstream);
    } else {
      upstream.neverMade();
      waiting.failed(made.cause());
    }
  }

  /// Has a connection to an endpoint speak TLS, if it is to.
  static void secure(Channel channel, BackendPolicy policy, Endpoint endpoint) {
    EndpointTls tls = policy.tls();
    if (tls != null) {
      channel
          .pipeline()
          .addLast(
              EndpointContexts.handler(
                  tls, policy.protocol(), endpoint.address(), channel.alloc()));
    }
  }

  /// What makes connections that stay on the event loop.
  Bootstrap connector(Duration timeout) {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, ROOM);
  }
}
