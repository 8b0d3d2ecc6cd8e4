package dev.tiphys.network.router.streams;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Endpoint;
import dev.tiphys.network.router.backends.EndpointAccess;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.HashBy;
import dev.tiphys.network.router.connections.Pool;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.tls.EndpointContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The client's end of a connection that is passed on to an endpoint.
///
/// No more is read from one side than the other takes. When a side has said all, so is the other
/// told, and goes on to speak; when it breaks, so does the other.
///
/// Threads: the event loop of the connection.
public final class StreamRelay extends ChannelInboundHandlerAdapter {

  private static final int MOST_TRIES = 3;

  private final StreamRoute route;
  private final EndpointAccess access;
  private final RandomGenerator random;
  private final Set<Endpoint> tried = new HashSet<>();
  private final Queue<Object> early = new ArrayDeque<>(); // what came before there was an endpoint
  private boolean begun;

  /// Takes the place of the handler that knows what the connection is. Where TLS ends here, the
  /// endpoint is looked for once the client has proven to speak it.
  ///
  /// @param access which endpoints the client may reach; a connection to another one is closed
  public StreamRelay(StreamRoute route, EndpointAccess access, RandomGenerator random) {
    this.route = route;
    this.access = access;
    this.random = random;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext client) {
    if (!route.terminates() && client.channel().isActive()) {
      begin(client);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext client) {
    if (!route.terminates()) {
      begin(client);
    }
    client.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext client, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        begin(client);
      } else {
        client.close();
      }
    }
  }

  private void begin(ChannelHandlerContext client) {
    if (begun) {
      return;
    }
    begun = true;
    client.channel().config().setAutoRead(false);
    client.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    if (!(client.channel().remoteAddress() instanceof InetSocketAddress from)) {
      client.close(); // the client has gone already
      return;
    }
    Split split = route.split(from.getAddress());
    Split.Share share = split == null ? null : split.choose(random);
    if (share == null || !share.backend().enter()) {
      client.close();
      return;
    }
    Backend backend = share.backend();
    client.channel().closeFuture().addListener(_ -> backend.leave());
    connect(client, from.getAddress(), backend);
  }

  private void connect(ChannelHandlerContext client, InetAddress from, Backend backend) {
    Endpoint endpoint = backend.choose(random, hash(from, backend), tried);
    if (endpoint == null
        || !tried.add(endpoint)
        || tried.size() > MOST_TRIES
        || !access.covers(from, endpoint.address())) {
      client.close();
      return;
    }
    StreamSide near = new StreamSide();
    StreamSide far = new StreamSide();
    new Bootstrap()
        .group(client.channel().eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) backend.policy().connect().toMillis())
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Pool.ROOM)
        .handler(far(far, backend.policy().tls(), endpoint))
        .connect(endpoint.address())
        .addListener(
            (ChannelFutureListener)
                made -> {
                  backend.report(endpoint, made.isSuccess());
                  if (!made.isSuccess()) {
                    connect(client, from, backend);
                  } else if (client.isRemoved() || !client.channel().isActive()) {
                    made.channel().close(); // the client has gone meanwhile
                  } else {
                    endpoint.enter();
                    made.channel().closeFuture().addListener(_ -> endpoint.leave());
                    join(client, near, far, made.channel());
                  }
                });
  }

  /// The endpoint's end, where TLS begins if it is to.
  private static ChannelHandler far(StreamSide side, @Nullable EndpointTls tls, Endpoint endpoint) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tls != null) {
          channel
              .pipeline()
              .addLast(EndpointContexts.handler(tls, endpoint.address(), channel.alloc()));
        }
        channel.pipeline().addLast(side);
      }
    };
  }

  /// Of what tells clients apart, connections have their addresses alone.
  private static OptionalInt hash(InetAddress from, Backend backend) {
    return backend.policy().hashed() instanceof HashBy.Source
        ? OptionalInt.of(from.getHostAddress().hashCode())
        : OptionalInt.empty();
  }

  private void join(ChannelHandlerContext client, StreamSide near, StreamSide far, Channel to) {
    StreamSide.join(near, far);
    for (Object part = early.poll(); part != null; part = early.poll()) {
      to.write(part);
    }
    to.flush();
    client.pipeline().replace(this, null, near);
    to.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext client, Object part) {
    early.add(part);
  }

  @Override
  public void channelInactive(ChannelHandlerContext client) {
    drop();
    client.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext client) {
    drop();
  }

  private void drop() {
    for (@Nullable Object part = early.poll(); part != null; part = early.poll()) {
      ReferenceCountUtil.release(part);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
    client.close(); // the client broke off
  }
}
