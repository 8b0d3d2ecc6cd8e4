package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Endpoint;
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

  private final Worker worker;
  private final Map<Endpoint, Deque<Upstream>> idle = new HashMap<>();

  Pool(Worker worker) {
    this.worker = worker;
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

  /// Makes a new connection.
  void connect(Endpoint endpoint, Duration timeout, Waiting waiting) {
    Upstream upstream = new Upstream(worker, endpoint);
    new Bootstrap()
        .group(worker.loop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, HttpRouter.ROOM)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                HttpDecoderConfig limits =
                    new HttpDecoderConfig().setMaxHeaderSize(64 << 10).setMaxChunkSize(64 << 10);
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
                waiting.failed(made.cause());
              }
            });
  }
}
