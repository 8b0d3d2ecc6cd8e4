package dev.tiphys.http.client;

import dev.tiphys.world.World;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The client's end of a SPDY/3.1 connection: several streams of bytes over one, as kubelets and
/// container runtimes speak for commands in containers.
///
/// Threads: any opens streams and writes; a task of its own reads.
public final class SpdyClient implements AutoCloseable {

  private final InputStream in;
  private final OutputStream out;
  private final Object writing = new Object();
  private final EmbeddedChannel encoder =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final EmbeddedChannel decoder =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private int nextId = 1;

  /// Speaks over the bytes of a connection that was upgraded.
  public SpdyClient(World world, InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
    world.start("spdy", this::read);
  }

  /// Opens a stream, and waits until the other end has taken it.
  ///
  /// @param headers that tell what the stream is for
  public SpdyStream open(Map<String, String> headers) throws IOException, InterruptedException {
    SpdyStream stream;
    synchronized (writing) {
      int id = nextId;
      nextId += 2;
      stream = new SpdyStream(this, id);
      streams.put(id, stream);
      SpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
      headers.forEach((name, value) -> frame.headers().add(name.toLowerCase(Locale.ROOT), value));
      send(frame);
    }
    stream.awaitAccepted();
    return stream;
  }

  void write(int id, byte[] data, int offset, int length, boolean last) throws IOException {
    DefaultSpdyDataFrame frame =
        new DefaultSpdyDataFrame(id, Unpooled.copiedBuffer(data, offset, length));
    frame.setLast(last);
    synchronized (writing) {
      send(frame);
    }
  }

  void reset(int id) throws IOException {
    synchronized (writing) {
      send(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.CANCEL));
    }
  }

  /// Sends a frame. The caller holds the lock for writing: headers are compressed one after the
  /// other.
  private void send(Object frame) throws IOException {
    encoder.writeOutbound(frame);
    for (ByteBuf bytes = encoder.readOutbound(); bytes != null; bytes = encoder.readOutbound()) {
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy);
      bytes.release();
      out.write(copy);
    }
    out.flush();
  }

  private void read() {
    byte[] buffer = new byte[32 << 10];
    try {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, length));
        for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
          try {
            handle(frame);
          } finally {
            ReferenceCountUtil.release(frame);
          }
        }
      }
    } catch (IOException e) {
      // the connection broke: the streams end, which is all that can be told of it
    } finally {
      streams.values().forEach(SpdyStream::ended);
      decoder.finishAndReleaseAll();
    }
  }

  private void handle(Object frame) throws IOException {
    switch (frame) {
      case SpdyDataFrame data -> {
        SpdyStream stream = streams.get(data.streamId());
        if (stream != null) {
          byte[] bytes = new byte[data.content().readableBytes()];
          data.content().readBytes(bytes);
          stream.received(bytes, data.isLast());
        }
      }
      case SpdySynReplyFrame reply -> {
        SpdyStream stream = streams.get(reply.streamId());
        if (stream != null) {
          stream.accepted();
        }
      }
      case SpdyRstStreamFrame reset -> {
        SpdyStream stream = streams.get(reset.streamId());
        if (stream != null) {
          stream.ended();
        }
      }
      case SpdyPingFrame ping -> {
        synchronized (writing) {
          send(new DefaultSpdyPingFrame(ping.id()));
        }
      }
      case SpdyGoAwayFrame _ -> streams.values().forEach(SpdyStream::ended);
      default -> {} // settings and windows: neither end limits the other
    }
  }

  /// Ends all streams and the connection.
  @Override
  public void close() throws IOException {
    streams.values().forEach(SpdyStream::ended);
    in.close();
    out.close();
    synchronized (writing) {
      encoder.finishAndReleaseAll(); // what it compresses with lies outside the heap
    }
  }
}
