package dev.tiphys.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection: many requests at once, each on a stream of its own.
///
/// Works on the connection's frames directly; a channel for each stream would cost more than the
/// stream. What a client can make it hold is bounded by its windows (content), by [#MOST_UNSENT]
/// (answers that are not read), by [#MOST_UNANSWERED] (answers that are being made) and by
/// [#MOST_STREAMS] (requests, those included whose stream was reset while they were handled).
///
/// Threads: the connection's event loop.
final class Http2Connection extends Http2ConnectionHandler {

  private static final int MOST_STREAMS = 1_000;

  /// So much of a request's content is held until it is read; and of all requests together.
  private static final int STREAM_WINDOW = 256 << 10;

  private static final int CONNECTION_WINDOW = 4 << 20;

  /// With so much of whole answers unsent, further requests wait.
  private static final long MOST_UNSENT = 16 << 20;

  /// With so many requests that no answer has begun to, further ones wait: how long an answer is
  /// shows only when it is made.
  private static final int MOST_UNANSWERED = 100;

  private final Dispatcher dispatcher;
  private final Liveness liveness;
  private final PropertyKey exchanges;
  private final AtomicInteger handled = new AtomicInteger();
  private final Queue<Http2Exchange> waiting = new ArrayDeque<>();
  private long unsent;
  private int unanswered;
  private @Nullable Outbox outbox;

  private Http2Connection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Dispatcher dispatcher,
      Liveness liveness) {
    super(decoder, encoder, settings);
    this.dispatcher = dispatcher;
    this.liveness = liveness;
    this.exchanges = connection().newKey();
    connection().addListener(new Streams());
  }

  static Http2Connection handler(Dispatcher dispatcher, Liveness liveness) {
    return new Builder(dispatcher, liveness).build();
  }

  Outbox outbox() {
    if (outbox == null) {
      throw new IllegalStateException("not connected");
    }
    return outbox;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    // only through this handler does a flush reach what flow control has held back
    outbox = new Outbox(context.executor(), () -> flush(context));
    liveness.await(Timeouts.IDLE);
    super.handlerAdded(context);
    Http2Stream whole = connection().connectionStream();
    int missing = CONNECTION_WINDOW - decoder().flowController().initialWindowSize(whole);
    decoder().flowController().incrementWindowSize(whole, missing);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
      context.close(); // the client broke off
    } else {
      super.exceptionCaught(context, cause);
    }
  }

  private @Nullable Http2Exchange exchange(int id) {
    Http2Stream stream = connection().stream(id);
    return stream == null ? null : stream.getProperty(exchanges);
  }

  /// Content was read: the client may send as much again. Any thread.
  void contentConsumed(ChannelHandlerContext context, int id, int length) {
    context
        .executor()
        .execute(
            () -> {
              consume(id, length);
              context.flush();
            });
  }

  private void consume(int id, int length) {
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      return; // at its end its window was given back
    }
    try {
      decoder().flowController().consumeBytes(stream, length);
    } catch (Http2Exception e) {
      throw new IllegalStateException("more was read than came", e);
    }
  }

  /// A whole answer was put out. Event loop.
  void answerBegun(int length) {
    unsent += length;
    liveness.answerBegun();
    answered();
  }

  /// An answer has begun. Event loop.
  void answered() {
    unanswered--;
    dispatchWaiting();
  }

  /// The client was sent a whole answer, or never will be. Event loop.
  void answerEnded(int length) {
    unsent -= length;
    liveness.answerEnded();
    dispatchWaiting();
  }

  private boolean hasRoom() {
    return unsent <= MOST_UNSENT && unanswered < MOST_UNANSWERED;
  }

  private void dispatchWaiting() {
    while (hasRoom() && !waiting.isEmpty()) {
      Http2Exchange next = waiting.remove();
      if (!next.isGone()) {
        dispatch(next);
      }
    }
  }

  private void dispatch(Http2Exchange exchange) {
    unanswered++;
    handled.incrementAndGet();
    dispatcher.dispatch(exchange);
  }

  /// A handler has returned. Any thread.
  void handled() {
    handled.decrementAndGet();
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Connection, Builder> {
    private final Dispatcher dispatcher;
    private final Liveness liveness;

    Builder(Dispatcher dispatcher, Liveness liveness) {
      this.dispatcher = dispatcher;
      this.liveness = liveness;
      server(true);
      gracefulShutdownTimeoutMillis(0);
      initialSettings()
          .maxConcurrentStreams(MOST_STREAMS)
          .initialWindowSize(STREAM_WINDOW)
          .maxHeaderListSize(Http1Connection.LONGEST_HEAD);
      // a client may end as many watches as it likes: what resets cost is bounded by MOST_STREAMS
      decoderEnforceMaxRstFramesPerWindow(0, 0);
      encoderEnforceMaxRstFramesPerWindow(0, 0);
      frameListener(new Http2EventAdapter());
    }

    @Override
    protected Http2Connection build() {
      return super.build();
    }

    @Override
    protected Http2Connection build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      Http2Connection handler =
          new Http2Connection(decoder, encoder, settings, dispatcher, liveness);
      decoder.frameListener(handler.new Frames());
      return handler;
    }
  }

  /// What comes in.
  private final class Frames extends Http2EventAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last)
        throws Http2Exception {
      onHeadersRead(context, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean last)
        throws Http2Exception {
      Http2Exchange exchange = exchange(id);
      if (exchange == null) {
        begin(context, id, headers, last);
      } else if (last) {
        exchange.content().complete(); // with trailers, which are not read
      } else {
        throw malformed(id, "trailers that do not end the stream");
      }
    }

    private void begin(ChannelHandlerContext context, int id, Http2Headers headers, boolean last)
        throws Http2Exception {
      if (!Http2Exchange.isProper(headers)) {
        throw malformed(id, "no proper request");
      }
      if (handled.get() + waiting.size() >= MOST_STREAMS) {
        throw Http2Exception.streamError(id, Http2Error.REFUSED_STREAM, "too many requests");
      }
      Http2Exchange exchange =
          new Http2Exchange(Http2Connection.this, context, id, headers, last, dispatcher);
      connection().stream(id).setProperty(exchanges, exchange);
      if (last) {
        exchange.content().complete();
      }
      if (hasRoom()) {
        dispatch(exchange);
      } else {
        waiting.add(exchange);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean last) {
      int length = data.readableBytes();
      Http2Exchange exchange = exchange(id);
      boolean held = exchange != null && exchange.content().add(data);
      if (exchange != null && last) {
        exchange.content().complete();
      }
      return held ? padding : length + padding;
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int id, int increment) {
      liveness.windowUpdated();
    }
  }

  private static Http2Exception malformed(int id, String why) {
    return Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, why);
  }

  /// What begins and ends.
  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamActive(Http2Stream stream) {
      liveness.rest();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Exchange exchange = stream.getProperty(exchanges);
      if (exchange != null) {
        exchange.disconnected();
      }
      if (connection().numActiveStreams() == 0) {
        liveness.await(Timeouts.IDLE);
      }
    }
  }
}
