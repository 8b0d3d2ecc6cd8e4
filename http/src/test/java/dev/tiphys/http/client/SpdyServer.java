package dev.tiphys.http.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySessionStatus;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The other end of a SPDY connection: takes streams unless they are of type `refused`, sends back
/// what comes on them, and notes what it saw.
final class SpdyServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0);
  private final EmbeddedChannel decoder =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final EmbeddedChannel encoder =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final AtomicInteger flooded = new AtomicInteger();
  private Socket socket;

  SpdyServer() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  Socket connect() throws IOException {
    return new Socket("localhost", listener.getLocalPort());
  }

  /// The next thing that it saw.
  String next() throws InterruptedException {
    return seen.take();
  }

  private void serve() {
    byte[] buffer = new byte[16 << 10];
    try {
      synchronized (this) {
        socket = listener.accept();
      }
      for (int length = socket.getInputStream().read(buffer);
          length >= 0;
          length = socket.getInputStream().read(buffer)) {
        decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, length));
        for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
          answer(frame);
        }
      }
    } catch (IOException e) {
      // the test is over
    }
    seen.add("end");
  }

  private void answer(Object frame) throws IOException {
    switch (frame) {
      case SpdySynStreamFrame begun -> {
        String type = begun.headers().getAsString("streamtype");
        seen.add("stream " + begun.streamId() + " " + type);
        send(
            type.equals("refused")
                ? new DefaultSpdyRstStreamFrame(begun.streamId(), SpdyStreamStatus.REFUSED_STREAM)
                : new DefaultSpdySynReplyFrame(begun.streamId()));
      }
      case SpdyDataFrame data -> {
        byte[] bytes = ByteBufUtil.getBytes(data.content());
        DefaultSpdyDataFrame back =
            new DefaultSpdyDataFrame(data.streamId(), Unpooled.wrappedBuffer(bytes));
        send(back.setLast(data.isLast()));
      }
      case SpdyRstStreamFrame reset -> seen.add("reset " + reset.streamId());
      case SpdyPingFrame ping -> seen.add("pong " + ping.id());
      default -> {}
    }
  }

  void ping(int id) throws IOException {
    send(new DefaultSpdyPingFrame(id));
  }

  /// Sends pieces without waiting for anything but the connection, then ends the stream.
  void flood(int stream, int pieces, int length) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 1; i <= pieces; i++) {
                  DefaultSpdyDataFrame data =
                      new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(new byte[length]));
                  send(data.setLast(i == pieces));
                  flooded.incrementAndGet();
                }
              } catch (IOException e) {
                // the client has gone
              }
            });
  }

  /// How many pieces the connection has taken.
  int flooded() {
    return flooded.get();
  }

  void goAway() throws IOException {
    send(new DefaultSpdyGoAwayFrame(0, SpdySessionStatus.OK));
  }

  private synchronized void send(Object frame) throws IOException {
    encoder.writeOutbound(frame);
    for (ByteBuf bytes = encoder.readOutbound(); bytes != null; bytes = encoder.readOutbound()) {
      byte[] copy = ByteBufUtil.getBytes(bytes);
      bytes.release();
      socket.getOutputStream().write(copy);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
