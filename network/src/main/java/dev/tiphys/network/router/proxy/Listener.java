package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.EndpointAccess;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.RouteTable;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An address that clients connect to, and what they are served there.
///
/// The table may be changed at any time, by one write: requests that have begun are finished on the
/// one they began with, and no connection is closed for it.
///
/// Threads: any.
public final class Listener implements AutoCloseable {

  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final EndpointAccess access;
  private final Consumer<Listener> closed;
  private volatile RouteTable table = RouteTable.EMPTY;
  private volatile StreamTable streams = StreamTable.EMPTY;
  private @Nullable Channel socket;

  /// @param access which endpoints clients may reach
  /// @param closed is told when it has ended
  Listener(EndpointAccess access, Consumer<Listener> closed) {
    this.access = access;
    this.closed = closed;
  }

  void bound(Channel to) {
    socket = to;
  }

  void accepted(Channel connection) {
    connections.add(connection);
  }

  private Channel socket() {
    if (socket == null) {
      throw new IllegalStateException("not bound yet");
    }
    return socket;
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) socket().localAddress();
  }

  /// Serves another table from the next request on.
  public void serve(RouteTable next) {
    table = next;
  }

  /// Passes on other connections from the next one on; those that there are stay as they are.
  public void pass(StreamTable next) {
    streams = next;
  }

  /// Which connections are passed on as they are.
  StreamTable streams() {
    return streams;
  }

  /// The table that is served.
  public RouteTable table() {
    return table;
  }

  /// Which endpoints clients may reach.
  EndpointAccess access() {
    return access;
  }

  /// How many connections of clients are open.
  int connections() {
    return connections.size();
  }

  /// Stops listening, and tells clients that their connections end with the request that is under
  /// way. Returns when nothing is accepted any more.
  public void drain() {
    socket().close().awaitUninterruptibly();
    for (Channel each : connections) {
      if (each.pipeline().get(Http2FrameCodec.class) == null) {
        each.pipeline().fireUserEventTriggered(HttpRouter.DRAIN);
      } else {
        each.close(); // says GOAWAY, and waits for the streams
      }
    }
  }

  /// Stops listening, and lets requests that are under way come to their end.
  ///
  /// @param grace for so long; then they are cut off
  public void close(Duration grace) {
    drain();
    connections.newCloseFuture().awaitUninterruptibly(grace.toMillis());
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    closed.accept(this);
  }

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
