package dev.tiphys.network.router.connections;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One side of a relay: it takes one part of a message for each [#pull], and the socket is not read
/// while parts are left. So what is held of a peer that sends faster than the other side takes is
/// what one read of its socket brought; the peer is held up by TCP, or by the window of its HTTP/2
/// stream.
///
/// The end of a channel is told after all that came before it, also when that is pulled later.
///
/// Threads: the event loop.
public abstract class PulledChannel extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(PulledChannel.class.getName());

  private final Queue<Object> parts = new ArrayDeque<>(4);
  private @Nullable ChannelHandlerContext context;
  private boolean wanted;
  private boolean delivering;
  private boolean ended;
  private boolean endTold;

  /// Takes the part that was pulled, and releases it.
  protected abstract void onPart(Object part);

  /// The channel is closed, and all that came by it was taken.
  protected abstract void onEnd();

  /// There is nothing more to take for now: what was written should be flushed.
  protected abstract void onPause();

  /// The channel has room again for what is written, or has no more.
  protected abstract void onWritability(boolean writable);

  /// Where it is in the pipeline of its channel.
  protected final ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not on a channel yet");
    }
    return context;
  }

  /// The channel that it is on.
  public final Channel channel() {
    return context().channel();
  }

  /// Asks for the next part.
  public final void pull() {
    wanted = true;
    if (delivering) {
      return; // the loop that this is called from goes on
    }
    deliver();
    onPause();
    if (wanted && !ended) {
      context().read();
    }
  }

  private void deliver() {
    delivering = true;
    try {
      while (wanted && !parts.isEmpty()) {
        wanted = false;
        onPart(parts.remove());
      }
    } finally {
      delivering = false;
    }
    if (ended && parts.isEmpty() && !endTold) {
      endTold = true;
      onEnd();
    }
  }

  /// Hands over the bytes that are left, to what takes the place of this handler.
  protected final void leave(Consumer<ByteBuf> bytes) {
    for (Object part = parts.poll(); part != null; part = parts.poll()) {
      if (part instanceof ByteBuf buffer) {
        bytes.accept(buffer);
      } else {
        ReferenceCountUtil.release(part);
      }
    }
    endTold = true;
  }

  /// Says that nothing more is sent, once all that was written is: what the peer still has to say
  /// is read. A stream, of which that can't be said, is closed.
  protected final void endOutput() {
    context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            _ -> {
              SslHandler tls = channel().pipeline().get(SslHandler.class);
              if (tls != null) {
                tls.closeOutbound();
              } else if (channel() instanceof SocketChannel socket) {
                socket.shutdownOutput();
              } else {
                context().close();
              }
            });
  }

  /// Drops what is left.
  protected final void dropRest() {
    parts.forEach(ReferenceCountUtil::release);
    parts.clear();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (endTold) {
      ReferenceCountUtil.release(message);
      return;
    }
    parts.add(message);
    if (!delivering) {
      deliver();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) {
    onPause();
    if (wanted && !ended && !delivering) {
      from.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    ended = true;
    if (!delivering) {
      deliver();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    onWritability(from.channel().isWritable());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    if (cause instanceof RuntimeException && !(cause instanceof CodecException)) {
      LOG.log(
          System.Logger.Level.WARNING, "A connection was closed for a fault of the proxy", cause);
    }
    from.close(); // else the peer broke off, or does not speak what is spoken here
  }
}
