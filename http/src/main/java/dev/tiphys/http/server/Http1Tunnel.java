package dev.tiphys.http.server;

import dev.tiphys.http.Tunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;

/// An HTTP/1.1 connection after its upgrade.
///
/// Bytes that come are kept until they are read; when many are, the connection is not read from any
/// further, so the client is held up in turn.
///
/// Threads: the event loop delivers, one thread reads, one writes.
final class Http1Tunnel extends ChannelInboundHandlerAdapter implements Tunnel {

  private static final int MOST_KEPT = 1 << 20;

  private final Channel channel;
  private final Object lock = new Object();
  private final Queue<byte[]> received = new ArrayDeque<>();
  private int kept;
  private boolean ended;

  Http1Tunnel(Channel channel) {
    this.channel = channel;
  }

  /// Takes HTTP off the connection. Event loop.
  void takeOver(ChannelPipeline pipeline, Liveness liveness) {
    pipeline.addLast("tunnel", this);
    Http1Connection.end(pipeline, liveness);
    if (!channel.isActive()) {
      end();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf buffer)) {
      return;
    }
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    buffer.release();
    synchronized (lock) {
      received.add(bytes);
      kept += bytes.length;
      if (kept > MOST_KEPT) {
        channel.config().setAutoRead(false);
      }
      lock.notifyAll();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private void end() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  /// The next bytes; waits for them. Empty at the end.
  private byte[] next() throws InterruptedException {
    synchronized (lock) {
      while (received.isEmpty() && !ended) {
        lock.wait();
      }
      byte[] bytes = received.poll();
      if (bytes == null) {
        return new byte[0];
      }
      kept -= bytes.length;
      if (kept <= MOST_KEPT / 2 && !channel.config().isAutoRead()) {
        channel.config().setAutoRead(true);
      }
      return bytes;
    }
  }

  @Override
  public InputStream input() {
    return new Input();
  }

  @Override
  public OutputStream output() {
    return new Output();
  }

  @Override
  public void close() {
    channel.close();
    end();
  }

  private final class Input extends InputStreamOfPieces {
    @Override
    byte[] next() throws IOException {
      try {
        return Http1Tunnel.this.next();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      ByteBuf copy = Unpooled.copiedBuffer(source, offset, length);
      try {
        channel.writeAndFlush(copy).sync();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (RuntimeException e) {
        throw new IOException("the client has gone", e);
      }
    }
  }
}
