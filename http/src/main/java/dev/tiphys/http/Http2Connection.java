package dev.tiphys.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection: many requests at once, each on a stream of its own.
///
/// Works on the connection's frames directly; a channel for each stream would cost more than the
/// stream.
///
/// Threads: the connection's event loop.
final class Http2Connection extends Http2ConnectionHandler {

  private static final int MOST_STREAMS = 1_000;

  private final Dispatcher dispatcher;
  private final PropertyKey exchanges;
  private @Nullable Outbox outbox;

  private Http2Connection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Dispatcher dispatcher) {
    super(decoder, encoder, settings);
    this.dispatcher = dispatcher;
    this.exchanges = connection().newKey();
    connection().addListener(new Ends());
  }

  static Http2Connection handler(Dispatcher dispatcher) {
    return new Builder(dispatcher).build();
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
    super.handlerAdded(context);
  }

  private @Nullable Http2Exchange exchange(int id) {
    Http2Stream stream = connection().stream(id);
    return stream == null ? null : stream.getProperty(exchanges);
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Connection, Builder> {
    private final Dispatcher dispatcher;

    Builder(Dispatcher dispatcher) {
      this.dispatcher = dispatcher;
      server(true);
      gracefulShutdownTimeoutMillis(0);
      initialSettings().maxConcurrentStreams(MOST_STREAMS).initialWindowSize(1 << 20);
      frameListener(new Http2EventAdapter());
    }

    @Override
    protected Http2Connection build() {
      return super.build();
    }

    @Override
    protected Http2Connection build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      Http2Connection handler = new Http2Connection(decoder, encoder, settings, dispatcher);
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
        boolean last) {
      onHeadersRead(context, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean last) {
      Http2Exchange exchange = exchange(id);
      if (exchange == null) {
        exchange = new Http2Exchange(Http2Connection.this, context, id, headers);
        connection().stream(id).setProperty(exchanges, exchange);
      }
      if (last) {
        dispatcher.dispatch(exchange);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean last) {
      int length = data.readableBytes() + padding;
      Http2Exchange exchange = exchange(id);
      if (exchange != null) {
        exchange.collect(data, dispatcher.largestBody());
        if (last) {
          dispatcher.dispatch(exchange);
        }
      }
      return length;
    }
  }

  /// What ends.
  private final class Ends extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Exchange exchange = stream.getProperty(exchanges);
      if (exchange != null) {
        exchange.disconnected();
      }
    }
  }
}
