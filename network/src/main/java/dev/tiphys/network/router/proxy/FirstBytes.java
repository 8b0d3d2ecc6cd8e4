package dev.tiphys.network.router.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds out whether a client speaks HTTP/2 at once (RFC 9113, 3.3): then its first bytes are the
/// preface, with which no other request can begin.
final class FirstBytes extends ByteToMessageDecoder {

  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n", StandardCharsets.US_ASCII).asReadOnly());

  private final ClientPipeline pipeline;
  private final Deadlines.Deadline deadline;

  FirstBytes(ClientPipeline pipeline) {
    this.pipeline = pipeline;
    this.deadline = pipeline.worker().deadlines().add(this::onOverdue);
    deadline.in(pipeline.worker().settings().headTimeout());
  }

  private @Nullable ChannelHandlerContext context;

  private void onOverdue() {
    if (context != null) {
      context.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  protected void decode(ChannelHandlerContext from, ByteBuf bytes, List<Object> out) {
    int seen = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
    if (!bytes.slice(bytes.readerIndex(), seen).equals(PREFACE.slice(0, seen))) {
      pipeline.http1(from.pipeline());
    } else if (seen == PREFACE.readableBytes()) {
      pipeline.http2(from.pipeline());
    } else {
      return; // too few to tell
    }
    from.pipeline().remove(this); // hands on what it has
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext from) {
    deadline.drop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    from.close(); // the client broke off
  }
}
