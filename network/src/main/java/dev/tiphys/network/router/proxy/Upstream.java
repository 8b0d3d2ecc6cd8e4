package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.backends.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection to an endpoint. It has one exchange at a time, or rests in the pool.
final class Upstream extends PulledChannel {

  /// The name of the handler that reads and writes HTTP.
  static final String CODEC = "http";

  private final Worker worker;
  private final Endpoint endpoint;
  private final Deadlines.Deadline rest;
  private @Nullable Exchange exchange;
  private boolean reused;

  Upstream(Worker worker, Endpoint endpoint) {
    this.worker = worker;
    this.endpoint = endpoint;
    this.rest = worker.deadlines().add(this::close);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// Whether it had an exchange before this one.
  boolean isReused() {
    return reused;
  }

  void begin(Exchange with) {
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

  /// Its exchange is over, and it cannot be used for another.
  void abandon() {
    exchange = null;
    close();
  }

  /// Carries bytes from now on.
  ///
  /// @param next takes those that were read already
  void endHttp(Consumer<ByteBuf> next) {
    rest.drop();
    leave(next);
    channel().pipeline().remove(this);
    channel().pipeline().remove(CODEC); // hands on what it has read too far
  }

  void write(HttpObject part) {
    context().write(part, context().voidPromise());
  }

  void flush() {
    context().flush();
  }

  boolean isWritable() {
    return channel().isWritable();
  }

  void close() {
    context().close();
  }

  @Override
  void onPart(Object part) {
    if (exchange == null) {
      ReferenceCountUtil.release(part);
      close(); // an endpoint that speaks unasked can't be believed to answer the next request
    } else if (part instanceof HttpResponse response) {
      exchange.onResponse(response);
    } else if (part instanceof HttpContent content) {
      exchange.onResponseContent(content);
    } else {
      ReferenceCountUtil.release(part);
    }
  }

  @Override
  void onEnd() {
    rest.drop();
    if (exchange == null) {
      worker.pool().remove(this);
    } else {
      exchange.onUpstreamBroken();
    }
  }

  @Override
  void onPause() {
    if (exchange != null) {
      exchange.onUpstreamPause();
    }
  }

  @Override
  void onWritability(boolean writable) {
    if (writable && exchange != null) {
      exchange.onUpstreamWritable();
    }
  }
}
