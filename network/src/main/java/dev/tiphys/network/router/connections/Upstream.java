package dev.tiphys.network.router.connections;

import dev.tiphys.network.router.backends.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection to an endpoint, which has one exchange at a time or rests in the pool; or a stream
/// of one, which has one exchange.
public final class Upstream extends PulledChannel {

  /// The name of the handler that reads and writes HTTP.
  static final String CODEC = "http";

  private final Pool pool;
  private final Endpoint endpoint;
  private final boolean stream;
  private final Deadlines.Deadline rest;
  private @Nullable Peer exchange;
  private boolean reused;

  /// @param stream whether it is a stream of HTTP/2
  Upstream(Pool pool, Endpoint endpoint, boolean stream) {
    this.pool = pool;
    this.stream = stream;
    this.endpoint = endpoint;
    this.rest = pool.deadlines().add(this::close);
  }

  /// Which endpoint it leads to.
  public Endpoint endpoint() {
    return endpoint;
  }

  /// Whether it is a stream of HTTP/2.
  public boolean isStream() {
    return stream;
  }

  /// Whether it had an exchange before this one.
  public boolean isReused() {
    return reused;
  }

  /// An exchange has it from now on.
  public void begin(Peer with) {
    rest.in(Duration.ZERO);
    exchange = with;
  }

  /// Its exchange is over and has left nothing behind.
  void rest(Duration most) {
    exchange = null;
    reused = true;
    rest.in(most);
    pull(); // to learn when the endpoint closes it
  }

  /// Its exchange is over, and with it the stream: both sides have said so.
  void end() {
    exchange = null;
    pull(); // it closes once its end was taken
  }

  /// There is no connection.
  void neverMade() {
    rest.drop();
  }

  /// Its exchange is over, and it cannot be used for another.
  public void abandon() {
    exchange = null;
    close();
    pull(); // what is left of a response is dropped, or its end would never be told
  }

  /// Carries bytes from now on.
  ///
  /// @param next takes those that were read already
  public void endHttp(Consumer<ByteBuf> next) {
    rest.drop();
    leave(next);
    channel().pipeline().remove(this);
    channel().pipeline().remove(CODEC); // hands on what it has read too far
  }

  /// Writes a part of a request, which [#flush] sends.
  public void write(HttpObject part) {
    context().write(part);
  }

  /// Sends what was written.
  public void flush() {
    context().flush();
  }

  /// Whether there is room for more.
  public boolean isWritable() {
    return channel().isWritable();
  }

  void close() {
    context().close();
  }

  /// A response of HTTP/2 that has no content comes in one piece: here it comes in two, as the
  /// others do.
  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (!(message instanceof FullHttpResponse whole)) {
      super.channelRead(from, message);
      return;
    }
    HttpResponse response =
        new DefaultHttpResponse(whole.protocolVersion(), whole.status(), whole.headers());
    response.setDecoderResult(whole.decoderResult());
    super.channelRead(from, response);
    super.channelRead(from, new DefaultLastHttpContent(whole.content(), whole.trailingHeaders()));
  }

  @Override
  protected void onPart(Object part) {
    if (exchange == null) {
      ReferenceCountUtil.release(part);
      close(); // an endpoint that speaks unasked can't be believed to answer the next request
      pull();
    } else if (part instanceof HttpResponse response) {
      exchange.onResponse(response);
    } else if (part instanceof HttpContent content) {
      exchange.onResponseContent(content);
    } else {
      ReferenceCountUtil.release(part);
    }
  }

  @Override
  protected void onEnd() {
    rest.drop();
    if (exchange == null) {
      pool.remove(this);
    } else {
      exchange.onUpstreamBroken();
    }
  }

  @Override
  protected void onPause() {
    if (exchange != null) {
      exchange.onUpstreamPause();
    }
  }

  @Override
  protected void onWritability(boolean writable) {
    if (writable && exchange != null) {
      exchange.onUpstreamWritable();
    }
  }
}
