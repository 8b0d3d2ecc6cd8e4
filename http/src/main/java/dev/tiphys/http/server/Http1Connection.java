package dev.tiphys.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection: requests are answered one after the other.
///
/// A client that sends more than is read, or reads less than it is sent, is no longer read from:
/// what is held of it is its content up to [#MOST_CONTENT] and what came in one go with that.
///
/// Threads: the connection's event loop.
final class Http1Connection extends ChannelInboundHandlerAdapter {

  /// How long the head of a request may be: upstream's number.
  static final int LONGEST_HEAD = 1 << 20;

  /// So much content is held before no more is read.
  private static final int MOST_CONTENT = 256 << 10;

  /// When the answer comes before the end of the content, so much more of the content is read and
  /// dropped to keep the connection; with more to come it is closed.
  static final int MOST_DROPPED = 256 << 10;

  private final Dispatcher dispatcher;
  private final Liveness liveness;
  private final Queue<HttpObject> early = new ArrayDeque<>();
  private @Nullable Outbox outbox;
  private @Nullable Http1Exchange current;
  private boolean idle;
  private boolean draining;
  private boolean closing;

  private Http1Connection(Dispatcher dispatcher, Liveness liveness) {
    this.dispatcher = dispatcher;
    this.liveness = liveness;
  }

  /// Speaks HTTP/1.1 on a connection.
  static void begin(ChannelPipeline pipeline, Dispatcher dispatcher, Liveness liveness) {
    Http1Connection connection = new Http1Connection(dispatcher, liveness);
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_HEAD)
            .setMaxHeaderSize(LONGEST_HEAD)
            .setMaxChunkSize(64 << 10);
    pipeline.addLast("arrival", connection.new Arrival());
    pipeline.addLast("codec", new HttpServerCodec(limits));
    pipeline.addLast("connection", connection);
  }

  /// Ends HTTP on the connection: what comes from now on goes to the last handler of the pipeline.
  /// Event loop.
  static void end(ChannelPipeline pipeline, Liveness liveness) {
    liveness.rest();
    pipeline.channel().config().setAutoRead(true);
    pipeline.remove("arrival");
    pipeline.remove("connection");
    pipeline.remove("codec"); // hands over what it had read too far
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    outbox = new Outbox(context.executor(), context::flush);
  }

  Outbox outbox() {
    if (outbox == null) {
      throw new IllegalStateException("not connected");
    }
    return outbox;
  }

  Liveness liveness() {
    return liveness;
  }

  /// Sees bytes before they are a request: with the first of them the time for the head begins.
  private final class Arrival extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      if (idle) {
        idle = false;
        liveness.await(Timeouts.HEAD);
      }
      context.fireChannelRead(bytes);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (closing) {
      ReferenceCountUtil.release(part);
    } else if (early.isEmpty() && isDue(part)) {
      take(context, part);
    } else {
      early.add(part);
    }
    pace(context.channel());
  }

  /// Whether a part of a request can be taken now, or has to wait until the request before it has
  /// been answered.
  private boolean isDue(HttpObject part) {
    return current == null ? !draining : part instanceof HttpContent && !current.isReceived();
  }

  private void take(ChannelHandlerContext context, HttpObject part) {
    if (current == null) {
      if (part instanceof HttpRequest request) {
        begin(context, new Http1Head(request));
      }
      ReferenceCountUtil.release(part);
      return;
    }
    try {
      if (part.decoderResult().isFailure()) {
        current.content().broken();
        if (current.isFinished()) {
          linger(context);
        }
      } else if (part instanceof HttpContent content) {
        current.content().add(content.content());
        if (part instanceof LastHttpContent) {
          received(context, current);
        } else if (current.isFinished() && current.content().received() > MOST_DROPPED) {
          linger(context);
        }
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private void begin(ChannelHandlerContext context, Http1Head head) {
    HttpResponseStatus fault = head.fault();
    if (fault != null) {
      refuse(context, fault);
      return;
    }
    idle = false;
    liveness.rest();
    Http1Exchange exchange = new Http1Exchange(this, context, dispatcher, head);
    current = exchange;
    dispatcher.dispatch(exchange);
  }

  /// Answers what is not proper HTTP.
  private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
    ByteBuf text = Unpooled.copiedBuffer(status.toString(), StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(text.readableBytes()))
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.write(response);
    linger(context);
  }

  private void received(ChannelHandlerContext context, Http1Exchange exchange) {
    exchange.content().complete();
    if (exchange.isFinished()) {
      next(context);
    }
  }

  /// The answer to the current request is complete. Event loop.
  void answered(ChannelHandlerContext context, Http1Exchange exchange) {
    exchange.content().abandon();
    if (!exchange.keepsAlive()) {
      if (exchange.isReceived()) {
        closing = true;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> context.close());
      } else {
        linger(context);
      }
    } else if (exchange.isReceived()) {
      next(context);
    } else {
      liveness.await(Timeouts.HEAD);
      pace(context.channel());
    }
  }

  private void next(ChannelHandlerContext context) {
    current = null;
    draining = !context.channel().isWritable();
    if (draining) {
      return;
    }
    idle = true;
    liveness.await(Timeouts.IDLE);
    while (!early.isEmpty() && !closing && isDue(early.element())) {
      take(context, early.remove());
    }
    pace(context.channel());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (draining && context.channel().isWritable()) {
      next(context);
    }
    context.fireChannelWritabilityChanged();
  }

  /// Reads on, or not, as there is room for what comes. Event loop.
  private void pace(Channel channel) {
    boolean full = current != null && current.content().queued() > MOST_CONTENT;
    channel.config().setAutoRead(closing || early.isEmpty() && !full);
  }

  /// Content was read. Any thread.
  void contentConsumed(ChannelHandlerContext context) {
    context.executor().execute(() -> pace(context.channel()));
  }

  /// Closes the connection once the client has had a chance to read the answer: to close it while
  /// the client still sends would reset it, and the answer would be lost.
  private void linger(ChannelHandlerContext context) {
    closing = true;
    dropEarly();
    liveness.await(Timeouts.LINGER);
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            _ -> {
              SslHandler tls = context.pipeline().get(SslHandler.class);
              if (tls != null) {
                tls.closeOutbound();
              } else if (context.channel() instanceof SocketChannel socket) {
                socket.shutdownOutput();
              }
            });
  }

  private void dropEarly() {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (current != null) {
      current.content().broken();
      current.disconnected();
    }
    dropEarly();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the client broke off, or sent what is no HTTP
  }
}
