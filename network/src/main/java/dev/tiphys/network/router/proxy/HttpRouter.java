package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.EndpointAccess;
import dev.tiphys.network.router.connections.Pool;
import dev.tiphys.network.router.message.Forwarded;
import dev.tiphys.network.router.streams.NameSwitch;
import dev.tiphys.network.router.streams.StreamRelay;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.RouteTable;
import dev.tiphys.network.router.tls.Certificates;
import dev.tiphys.world.World;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Passes requests on to where tables say: each [Listener] has one of its own. All share the event
/// loops, and the connections to endpoints.
///
/// What a client can make the proxy hold is bounded: the head of a request, and of contents what
/// fits into the buffers of two sockets. So is how long it can keep the proxy waiting.
///
/// Threads: any.
public final class HttpRouter implements AutoCloseable {

  /// Tells a connection of HTTP/1.1 to end with the response that is under way.
  static final Object DRAIN = new Object();

  private final RouterSettings settings;
  private final EventLoopGroup loops;
  private final Map<EventExecutor, Worker> workers = new HashMap<>();
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

  public HttpRouter(World world, RouterSettings settings, Observer observer) {
    this.settings = settings;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            settings.loops(), new DefaultThreadFactory("router", true), NioIoHandler.newFactory());
    for (EventExecutor loop : loops) {
      workers.put(loop, new Worker(world, (EventLoop) loop, settings, observer));
    }
  }

  /// Begins to listen. Until it is given a table, all that is asked for is not found.
  ///
  /// @param address port 0 for any that is free
  /// @param certificates null to serve without TLS
  /// @throws IOException if the address can't be had
  public Listener listen(InetSocketAddress address, @Nullable Certificates certificates)
      throws IOException {
    return listen(address, certificates, EndpointAccess.ALL);
  }

  /// Begins to listen, and serves tables from the first connection on.
  ///
  /// @param certificates null to serve without TLS
  /// @param streams which connections are passed on as they are
  /// @throws IOException if the address can't be had
  public Listener listen(
      InetSocketAddress address,
      @Nullable Certificates certificates,
      RouteTable table,
      StreamTable streams)
      throws IOException {
    Listener listener = new Listener(EndpointAccess.ALL, listeners::remove);
    listener.serve(table);
    listener.pass(streams);
    listen(listener, address, certificates);
    return listener;
  }

  /// Begins to listen. Until it is given a table, all that is asked for is not found.
  ///
  /// @param address port 0 for any that is free
  /// @param certificates null to serve without TLS
  /// @param access which endpoints clients may reach
  /// @throws IOException if the address can't be had
  public Listener listen(
      InetSocketAddress address, @Nullable Certificates certificates, EndpointAccess access)
      throws IOException {
    Listener listener = new Listener(access, listeners::remove);
    listen(listener, address, certificates);
    return listener;
  }

  private void listen(
      Listener listener, InetSocketAddress address, @Nullable Certificates certificates)
      throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Pool.ROOM)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    listener.accepted(channel);
                    accept(listener, channel, certificates);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + address.getHostString() + ":" + address.getPort(), bound.cause());
    }
    listener.bound(bound.channel());
    listeners.add(listener);
  }

  private void accept(
      Listener listener, SocketChannel channel, @Nullable Certificates certificates) {
    Worker worker = workers.get(channel.eventLoop());
    if (worker == null) {
      throw new IllegalStateException("a connection on a loop of others");
    }
    StreamTable streams = listener.streams();
    StreamRoute every = streams.every();
    if (every != null) {
      channel.pipeline().addLast(new StreamRelay(every, listener.access(), worker.random()));
      return;
    }
    Forwarded forwarded =
        new Forwarded(
            settings.trustForwarded(),
            certificates == null ? "http" : "https",
            channel.localAddress().getPort());
    ClientPipeline http =
        new ClientPipeline(worker, listener, forwarded, certificates, streams.others());
    if (streams.isByName()) {
      channel.pipeline().addLast(new NameSwitch(streams, listener.access(), worker.random(), http));
    } else {
      http.begin(channel.pipeline());
    }
  }

  /// How many connections of clients are open.
  public int connections() {
    return listeners.stream().mapToInt(Listener::connections).sum();
  }

  /// Stops listening, and lets requests that are under way come to their end.
  ///
  /// @param grace for so long; then they are cut off
  public void close(Duration grace) {
    List<Listener> all = List.copyOf(listeners);
    all.forEach(Listener::drain);
    all.forEach(each -> each.close(grace));
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
