package dev.tiphys.grpc;

import com.google.protobuf.MessageLite;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One call that a [GrpcServer] answers.
///
/// Threads: the connection's event loop; the answer is worked out by a task of its own.
final class ServedCall extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(ServedCall.class.getName());
  private static final int LARGEST_MESSAGE = 16 << 20;

  private final World world;
  private final List<GrpcService> services;
  private String path = "";
  private @Nullable ByteBuf body;
  private @Nullable Task task;

  ServedCall(World world, List<GrpcService> services) {
    this.world = world;
    this.services = services;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    try {
      if (frame instanceof Http2HeadersFrame headers) {
        path = String.valueOf(headers.headers().path());
        if (headers.isEndStream()) {
          end(context, GrpcStatus.INTERNAL, "no message");
        }
      } else if (frame instanceof Http2DataFrame data) {
        add(context, data);
      }
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  private void add(ChannelHandlerContext context, Http2DataFrame data) {
    ByteBuf buffer = body == null ? context.alloc().buffer() : body;
    body = buffer;
    buffer.writeBytes(data.content());
    if (buffer.readableBytes() > LARGEST_MESSAGE) {
      end(context, GrpcStatus.RESOURCE_EXHAUSTED, "the message is too large");
    } else if (data.isEndStream()) {
      answer(context, buffer);
    }
  }

  private void answer(ChannelHandlerContext context, ByteBuf buffer) {
    GrpcService.Answering method =
        services.stream()
            .map(each -> each.find(path))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (method == null) {
      end(context, GrpcStatus.UNIMPLEMENTED, "unknown method " + path);
      return;
    }
    boolean whole =
        buffer.readableBytes() >= GrpcResponses.PREFIX
            && buffer.getUnsignedInt(buffer.readerIndex() + 1)
                == buffer.readableBytes() - GrpcResponses.PREFIX;
    if (!whole || buffer.getByte(buffer.readerIndex()) != 0) {
      end(context, GrpcStatus.UNIMPLEMENTED, "not one message that is not compressed");
      return;
    }
    byte[] message = new byte[buffer.readableBytes() - GrpcResponses.PREFIX];
    buffer.skipBytes(GrpcResponses.PREFIX).readBytes(message);
    task = world.start("grpc" + path.replace('/', '-'), () -> work(context, method, message));
  }

  private void work(ChannelHandlerContext context, GrpcService.Answering method, byte[] message) {
    try {
      succeed(context, method.answer(message));
    } catch (GrpcException e) {
      end(context, e.status(), e.description());
    } catch (InterruptedException e) {
      end(context, GrpcStatus.CANCELLED, "the call was given up");
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a call failed: method=" + path, e);
      end(context, GrpcStatus.INTERNAL, String.valueOf(e));
    }
  }

  private static void succeed(ChannelHandlerContext context, MessageLite answer) {
    byte[] bytes = answer.toByteArray();
    ByteBuf frame = context.alloc().buffer(GrpcResponses.PREFIX + bytes.length);
    frame.writeByte(0).writeInt(bytes.length).writeBytes(bytes);
    context.write(new DefaultHttp2HeadersFrame(begin()));
    context.write(new DefaultHttp2DataFrame(frame));
    context.writeAndFlush(
        new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set("grpc-status", "0"), true));
  }

  private static void end(ChannelHandlerContext context, GrpcStatus status, String message) {
    context.writeAndFlush(
        new DefaultHttp2HeadersFrame(
            begin()
                .set("grpc-status", Integer.toString(status.ordinal()))
                .set("grpc-message", percentEncoded(message)),
            true));
  }

  private static Http2Headers begin() {
    return new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
  }

  /// As gRPC's protocol wants status messages: printable ASCII but for the sign itself.
  static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each >= ' ' && each <= '~' && each != '%') {
        encoded.append((char) each);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", each & 0xff));
      }
    }
    return encoded.toString();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame) {
      giveUp();
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    giveUp();
  }

  private void giveUp() {
    Task working = task;
    if (working != null) {
      working.interrupt();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (body != null) {
      body.release();
      body = null;
    }
  }

  /// The caller goes away in the middle of a call: nothing is left to be said.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
