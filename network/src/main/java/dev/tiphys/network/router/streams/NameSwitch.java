package dev.tiphys.network.router.streams;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Reads for which name a client begins TLS (RFC 6066, 3), and passes the connection on if that is
/// to be. The client has not been answered by then, so the endpoint may be the one that does.
///
/// Threads: the event loop of the connection.
public final class NameSwitch extends AbstractSniHandler<StreamRoute> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final StreamTable table;
  private final RandomGenerator random;
  private final Supplier<ChannelHandler> terminating;
  private final Consumer<ChannelPipeline> otherwise;

  /// @param terminating what speaks TLS with clients
  /// @param otherwise sets up the connections that are not passed on
  public NameSwitch(
      StreamTable table,
      RandomGenerator random,
      Supplier<ChannelHandler> terminating,
      Consumer<ChannelPipeline> otherwise) {
    super(PATIENCE.toMillis());
    this.table = table;
    this.random = random;
    this.terminating = terminating;
    this.otherwise = otherwise;
  }

  @Override
  protected Future<StreamRoute> lookup(ChannelHandlerContext client, @Nullable String name) {
    Promise<StreamRoute> found = client.executor().newPromise();
    StreamRoute route = table.named(name);
    return route == null ? found.setFailure(new NotPassedOn()) : found.setSuccess(route);
  }

  /// That a connection is left to HTTP.
  private static final class NotPassedOn extends Exception {
    private static final long serialVersionUID = 1;

    NotPassedOn() {
      super("not passed on", null, false, false);
    }
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext client, @Nullable String name, Future<StreamRoute> found) {
    ChannelPipeline pipeline = client.pipeline();
    if (!found.isSuccess()) {
      otherwise.accept(pipeline);
    } else if (found.getNow().terminates()) {
      pipeline.addLast(terminating.get(), new StreamRelay(found.getNow(), random));
    } else {
      pipeline.addLast(new StreamRelay(found.getNow(), random));
    }
    pipeline.remove(this); // hands on what it has read
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
    client.close(); // a client that does not speak TLS
  }
}
