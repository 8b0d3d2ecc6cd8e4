package dev.tiphys.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads what comes back on the stream of one call: messages, and in the end the status.
///
/// Threads: the connection's event loop.
final class GrpcResponses<R> extends ChannelInboundHandlerAdapter {

  /// Is told what comes. [#ended] is the last call, and comes exactly once.
  interface Receiver<R> {
    void received(R message);

    /// @param failure null if the status is `OK`
    void ended(@Nullable GrpcException failure);
  }

  /// A length prefix: one byte that says whether the message is compressed, four for its length.
  static final int PREFIX = 5;

  /// Above what any service answers: containerd stops at 16 MiB.
  private static final int LARGEST_MESSAGE = 32 << 20;

  private final Parser<R> parser;
  private final Receiver<R> receiver;
  private @Nullable ByteBuf pending;
  private boolean received;
  private boolean ended;
  private GrpcException cause =
      new GrpcException(GrpcStatus.UNAVAILABLE, "the connection was lost");

  GrpcResponses(Parser<R> parser, Receiver<R> receiver) {
    this.parser = parser;
    this.receiver = receiver;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    try {
      switch (frame) {
        case Http2HeadersFrame headers -> onHeaders(headers);
        case Http2DataFrame data -> onData(context, data.content());
        default -> {} // window updates and the like are the codec's business
      }
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  /// More is not asked for until a whole message is there, so half of one must not end the reading.
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!received && !ended) {
      context.read();
    }
    received = false;
  }

  /// A reset overtakes what was received before it and not read yet. That counts first: a server
  /// that has answered resets a stream on which it awaits nothing more.
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame reset) {
      cause =
          new GrpcException(statusOf(reset), "the server reset the stream: " + reset.errorCode());
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(cause);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(new GrpcException(GrpcStatus.INTERNAL, "the stream failed: " + cause, cause));
    context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  private void onHeaders(Http2HeadersFrame frame) {
    Http2Headers headers = frame.headers();
    CharSequence number = headers.get("grpc-status");
    if (number != null) {
      GrpcStatus status = GrpcStatus.of(number);
      end(status == GrpcStatus.OK ? null : new GrpcException(status, descriptionIn(headers)));
    } else if (!"200".contentEquals(headers.status())) {
      end(new GrpcException(GrpcStatus.UNKNOWN, "the server answered HTTP " + headers.status()));
    } else if (frame.isEndStream()) {
      end(new GrpcException(GrpcStatus.INTERNAL, "the server ended the call without a status"));
    }
  }

  private void onData(ChannelHandlerContext context, ByteBuf data) {
    if (ended) {
      return;
    }
    ByteBuf buffer = pending;
    if (buffer == null) {
      buffer = context.alloc().buffer(data.readableBytes());
      pending = buffer;
    }
    buffer.writeBytes(data);
    while (buffer.readableBytes() >= PREFIX) {
      long length = buffer.getUnsignedInt(buffer.readerIndex() + 1);
      if (buffer.getByte(buffer.readerIndex()) != 0 || length > LARGEST_MESSAGE) {
        end(new GrpcException(GrpcStatus.INTERNAL, "not a message this client can read"));
        context.close();
        return;
      }
      if (buffer.readableBytes() < PREFIX + length) {
        break;
      }
      byte[] body = new byte[(int) length];
      buffer.skipBytes(PREFIX).readBytes(body);
      onMessage(context, body);
    }
    buffer.discardSomeReadBytes();
  }

  private void onMessage(ChannelHandlerContext context, byte[] body) {
    try {
      receiver.received(parser.parseFrom(body));
      received = true;
    } catch (InvalidProtocolBufferException e) {
      end(new GrpcException(GrpcStatus.INTERNAL, "unreadable message: " + e.getMessage(), e));
      context.close();
    }
  }

  private void end(@Nullable GrpcException failure) {
    if (!ended) {
      ended = true;
      receiver.ended(failure);
    }
  }

  private static GrpcStatus statusOf(Http2ResetFrame reset) {
    if (reset.errorCode() == Http2Error.REFUSED_STREAM.code()) {
      return GrpcStatus.UNAVAILABLE;
    }
    return reset.errorCode() == Http2Error.CANCEL.code()
        ? GrpcStatus.CANCELLED
        : GrpcStatus.INTERNAL;
  }

  private static String descriptionIn(Http2Headers headers) {
    CharSequence encoded = headers.get("grpc-message");
    return encoded == null ? "" : percentDecoded(encoded.toString());
  }

  static String percentDecoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length() && isHex(text, i + 1) && isHex(text, i + 2)) {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static boolean isHex(String text, int index) {
    return Character.digit(text.charAt(index), 16) >= 0;
  }
}
