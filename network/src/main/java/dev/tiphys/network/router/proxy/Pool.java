package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.tls.EndpointContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
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
final class Pool {

  private static final int MOST_IDLE = 256; // of one endpoint

  /// How many bytes the head of a response may have.
  static final int LARGEST_HEAD = 64 << 10;

  private final Worker worker;
  private final Streams streams;
  private final Map<Endpoint, Deque<Upstream>> idle = new HashMap<>();

  Pool(Worker worker) {
    this.worker = worker;
    this.streams = new Streams(worker);
  }

  /// What waits for a connection.
  interface Waiting {
    void connected(Upstream upstream);

    void failed(Throwable cause);
  }

  /// A connection that is open and rests.
  @Nullable Upstream take(Endpoint endpoint) {
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
  void give(Upstream upstream) {
    if (upstream.isStream()) {
      upstream.end();
      return;
    }
    Deque<Upstream> resting = idle.computeIfAbsent(upstream.endpoint(), _ -> new ArrayDeque<>());
    if (resting.size() >= MOST_IDLE) {
      upstream.close();
    } else {
      resting.addLast(upstream);
      upstream.rest(worker.settings().poolTimeout());
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
  void drop(Endpoint endpoint) {
    Deque<Upstream> resting = idle.remove(endpoint);
    if (resting != null) {
      resting.forEach(Upstream::close);
    }
  }

  /// Makes a new connection, or a new stream of one.
  void connect(Endpoint endpoint, BackendPolicy policy, Waiting waiting) {
    switch (policy.protocol()) {
      case HTTP_1 -> connectOne(endpoint, policy, waiting);
      case HTTP_2 -> streams.open(endpoint, policy, waiting);
    }
  }

  private void connectOne(Endpoint endpoint, BackendPolicy policy, Waiting waiting) {
    Upstream upstream = new Upstream(worker, endpoint, false);
    HttpDecoderConfig limits =
        new HttpDecoderConfig().setMaxHeaderSize(LARGEST_HEAD).setMaxChunkSize(64 << 10);
    connector(worker, policy.connect())
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
        .addListener(
            made -> {
              if (made.isSuccess()) {
                waiting.connected(upstream);
              } else {
                upstream.neverMade();
                waiting.failed(made.cause());
              }
            });
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
  static Bootstrap connector(Worker worker, Duration timeout) {
    return new Bootstrap()
        .group(worker.loop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, HttpRouter.ROOM);
  }
}
