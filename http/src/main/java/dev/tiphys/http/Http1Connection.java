package dev.tiphys.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection: requests are answered one after the other.
///
/// Threads: the connection's event loop.
final class Http1Connection extends SimpleChannelInboundHandler<HttpObject> {

  private final Dispatcher dispatcher;
  private final Queue<Http1Exchange> waiting = new ArrayDeque<>();
  private @Nullable Outbox outbox;
  private @Nullable HttpRequest head;
  private @Nullable CompositeByteBuf body;
  private boolean tooLarge;
  private @Nullable Http1Exchange current;

  Http1Connection(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    outbox = new Outbox(context.executor(), context::flush);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpRequest request) {
      if (request.decoderResult().isFailure()) {
        context
            .writeAndFlush(
                new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST, Unpooled.EMPTY_BUFFER))
            .addListener(done -> context.close());
        return;
      }
      head = request;
      tooLarge = false;
      if (HttpUtil.is100ContinueExpected(request)) {
        context.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
      }
    }
    if (message instanceof HttpContent content && head != null) {
      collect(context, content.content());
      if (message instanceof LastHttpContent) {
        complete(context, head);
      }
    }
  }

  private void collect(ChannelHandlerContext context, ByteBuf content) {
    int length = content.readableBytes();
    if (length == 0) {
      return;
    }
    CompositeByteBuf collected = body;
    if (collected == null) {
      collected = context.alloc().compositeBuffer(Integer.MAX_VALUE);
      body = collected;
    }
    if (collected.readableBytes() + length > dispatcher.largestBody()) {
      tooLarge = true;
    } else {
      collected.addComponent(true, content.retain());
    }
  }

  private void complete(ChannelHandlerContext context, HttpRequest request) {
    byte[] content = {};
    if (body != null) {
      content = new byte[body.readableBytes()];
      body.readBytes(content);
      body.release();
      body = null;
    }
    head = null;
    Http1Exchange exchange = new Http1Exchange(this, context, request, content, tooLarge);
    if (current == null) {
      current = exchange;
      dispatcher.dispatch(exchange);
    } else {
      waiting.add(exchange);
    }
  }

  Outbox outbox() {
    if (outbox == null) {
      throw new IllegalStateException("not connected");
    }
    return outbox;
  }

  /// The current request has been answered: goes on with the next. Event loop.
  void answered(ChannelHandlerContext context, boolean keepAlive) {
    if (!keepAlive) {
      context.close();
      return;
    }
    current = waiting.poll();
    if (current != null) {
      dispatcher.dispatch(current);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (current != null) {
      current.disconnected();
    }
    if (body != null) {
      body.release();
      body = null;
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the client broke off, or sent what is no HTTP
  }

  static boolean keepsAlive(HttpRequest request) {
    return HttpUtil.isKeepAlive(request)
        && !request.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
  }
}
