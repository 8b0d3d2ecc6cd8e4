package dev.tiphys.network.router.streams;

import dev.tiphys.network.router.backends.EndpointAccess;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Reads for which name a client begins TLS (RFC 6066, 3), and passes the connection on if that is
/// to be. The client has not been answered by then, so the endpoint may be the one that does.
///
/// Threads: the event loop of the connection.
public final class NameSwitch extends AbstractSniHandler<StreamRoute> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final StreamTable table;
  private final EndpointAccess access;
  private final RandomGenerator random;
  private final Otherwise otherwise;

  /// What becomes of connections that are not passed on as they are.
  public interface Otherwise {

    /// What speaks TLS with clients where it ends here.
    ChannelHandler terminating();

    /// Sets up a connection that is not passed on.
    void begin(ChannelPipeline pipeline);
  }

  /// @param access which endpoints the client may reach
  public NameSwitch(
      StreamTable table, EndpointAccess access, RandomGenerator random, Otherwise otherwise) {
    super(PATIENCE.toMillis());
    this.table = table;
    this.access = access;
    this.random = random;
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
      otherwise.begin(pipeline);
    } else if (found.getNow().terminates()) {
      pipeline.addLast(otherwise.terminating(), relay(found.getNow()));
    } else {
      pipeline.addLast(relay(found.getNow()));
    }
    pipeline.remove(this); // hands on what it has read
  }

  private StreamRelay relay(StreamRoute route) {
    return new StreamRelay(route, access, random);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
    client.close(); // a client that does not speak TLS
  }
}
