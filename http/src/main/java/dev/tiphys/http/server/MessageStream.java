package dev.tiphys.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/// A WebSocket that only sends: each piece is a message of its own.
///
/// What the client sends is dropped, but for pings, which are answered, and the close.
///
/// Threads: any.
final class MessageStream extends OutgoingStream {

  private final Channel channel;
  private final boolean text;
  private final Outbox outbox;

  /// @param text whether the messages are texts, not bytes
  MessageStream(Channel channel, boolean text) {
    this.channel = channel;
    this.text = text;
    this.outbox = new Outbox(channel.eventLoop(), channel::flush);
  }

  /// Takes HTTP off the connection, after the answer was written. Event loop.
  void takeOver(ChannelPipeline pipeline, Liveness liveness) {
    WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder().build();
    pipeline.addLast(
        new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(config), new Client());
    Http1Connection.end(pipeline, liveness);
    if (!channel.isActive()) {
      over();
    }
  }

  /// Takes what the client sends.
  private final class Client extends SimpleChannelInboundHandler<WebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (frame instanceof PingWebSocketFrame) {
        context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
      } else if (frame instanceof CloseWebSocketFrame) {
        context
            .writeAndFlush(new CloseWebSocketFrame(true, 0, frame.content().retain()))
            .addListener(done -> context.close());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      over();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // the client broke off, or sent what is no frame
    }
  }

  @Override
  void put(ByteBuf piece, int length) {
    outbox.put(() -> channel.write(message(piece)).addListener(done -> sent(length)));
  }

  private WebSocketFrame message(ByteBuf piece) {
    return text ? new TextWebSocketFrame(piece) : new BinaryWebSocketFrame(piece);
  }

  @Override
  void putEnd() {
    outbox.put(
        () -> {
          channel
              .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
              .addListener(done -> channel.close());
          over();
        });
  }

  @Override
  public void abort() {
    channel.close();
  }
}
