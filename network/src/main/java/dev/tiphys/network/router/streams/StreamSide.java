package dev.tiphys.network.router.streams;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// One of the two sides of a connection that is passed on. What it reads is written to the other.
///
/// Threads: the event loop, which both share.
final class StreamSide extends ChannelInboundHandlerAdapter {

  private @Nullable ChannelHandlerContext context;
  private @Nullable StreamSide other;
  private boolean ended; // nothing more is read from it

  static void join(StreamSide one, StreamSide another) {
    one.other = another;
    another.other = one;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    if (added.channel().isActive()) {
      added.read();
    }
  }

  private @Nullable Channel opposite() {
    return other == null || other.context == null ? null : other.context.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object part) {
    Channel to = opposite();
    if (to == null) {
      ReferenceCountUtil.release(part);
    } else {
      to.write(part);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    Channel to = opposite();
    if (to != null) {
      to.flush();
      readOn();
    }
  }

  /// Reads more if the other side has room for it.
  private void readOn() {
    Channel to = opposite();
    if (context != null && !ended && to != null && to.isWritable()) {
      context.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    if (from.channel().isWritable() && other != null) {
      other.readOn();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || event instanceof SslCloseCompletionEvent && isHeardOut(from)) {
      onEnd();
    }
  }

  /// Whether the side has ended TLS; the event comes as well when the end was told to it.
  private static boolean isHeardOut(ChannelHandlerContext from) {
    SslHandler tls = from.pipeline().get(SslHandler.class);
    return tls == null || tls.engine().isInboundDone();
  }

  /// The side has said all: so is the other told, once it has it all. When both have, the
  /// connection is over.
  private void onEnd() {
    Channel to = opposite();
    if (ended || to == null) {
      return;
    }
    ended = true;
    boolean both = other != null && other.ended;
    to.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener((ChannelFutureListener) done -> end(done.channel(), both));
    if (both && context != null) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Tells a channel that nothing comes any more. What it has to say itself is still read, unless
  /// that is all; and but for clients of TLS, many of which take its end for that of the
  /// connection.
  private static void end(Channel channel, boolean all) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (all || tls != null && !tls.engine().getUseClientMode()) {
      channel.close();
    } else if (tls != null) {
      tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    ended = true;
    Channel to = opposite();
    if (to != null) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    from.close(); // it broke off; the other is closed as this is
  }
}
