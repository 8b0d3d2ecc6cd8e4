package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Deadlines;
import dev.tiphys.network.router.streams.StreamRoute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out whether a client speaks HTTP/2 at once (RFC 9113, 3.3): then its first bytes are the
/// preface, with which no other request can begin. Where connections are passed on that are not of
/// HTTP, it is found out as well whether they begin with the name of a method (RFC 9110, 9).
final class FirstBytes extends ByteToMessageDecoder {

  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n", StandardCharsets.US_ASCII).asReadOnly());

  /// Those that the registry of methods has, but for a few that no client of today sends.
  private static final Set<String> METHODS =
      Set.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "DELETE",
          "CONNECT",
          "OPTIONS",
          "TRACE",
          "PATCH",
          "ACL",
          "BIND",
          "CHECKOUT",
          "COPY",
          "LINK",
          "LOCK",
          "MERGE",
          "MKACTIVITY",
          "MKCALENDAR",
          "MKCOL",
          "MOVE",
          "PROPFIND",
          "PROPPATCH",
          "PURGE",
          "QUERY",
          "REBIND",
          "REPORT",
          "SEARCH",
          "SOURCE",
          "SUBSCRIBE",
          "UNBIND",
          "UNLINK",
          "UNLOCK",
          "UNSUBSCRIBE");

  private static final int LONGEST_METHOD = 11;

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
      StreamRoute others = pipeline.others();
      Likeness likeness = others == null ? Likeness.HTTP : likeness(bytes);
      if (likeness == Likeness.UNKNOWN) {
        return;
      }
      if (others == null || likeness == Likeness.HTTP) {
        pipeline.http1(from.pipeline());
      } else {
        pipeline.other(from.pipeline(), others);
      }
    } else if (seen == PREFACE.readableBytes()) {
      pipeline.http2(from.pipeline());
    } else {
      return; // too few to tell
    }
    from.pipeline().remove(this); // hands on what it has
  }

  private enum Likeness {
    HTTP,
    OTHER,
    /// There are too few bytes to tell.
    UNKNOWN
  }

  private static Likeness likeness(ByteBuf bytes) {
    int begin = bytes.readerIndex();
    int seen = Math.min(bytes.readableBytes(), LONGEST_METHOD + 1);
    int space = bytes.indexOf(begin, begin + seen, (byte) ' ');
    String word =
        bytes.toString(begin, space < 0 ? seen : space - begin, StandardCharsets.US_ASCII);
    if (space >= 0) {
      return METHODS.contains(word) ? Likeness.HTTP : Likeness.OTHER;
    }
    return METHODS.stream().anyMatch(method -> method.startsWith(word))
        ? Likeness.UNKNOWN
        : Likeness.OTHER;
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
