package dev.tiphys.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;

/// The content of a response: bytes that are sent once.
public final class Body {

  public static final Body EMPTY = new Body(Unpooled.EMPTY_BUFFER);

  private final ByteBuf content;

  private Body(ByteBuf content) {
    this.content = content;
  }

  /// @param content not copied: it must not change any more
  public static Body of(byte[] content) {
    return new Body(Unpooled.wrappedBuffer(content));
  }

  public int length() {
    return content.readableBytes();
  }

  /// Writes the bytes elsewhere instead of sending them. May be called once.
  public void drainTo(OutputStream out) throws IOException {
    try {
      content.readBytes(out, content.readableBytes());
    } finally {
      content.release();
    }
  }

  /// Gives the memory back without sending anything.
  public void discard() {
    content.release();
  }

  /// The bytes, for the sender. May be called once.
  public ByteBuf content() {
    return content;
  }

  /// Puts a large body together from many parts, in memory that the network reads from directly.
  ///
  /// Threads: one. Must be ended with [#build] or [#discard].
  public static final class Builder {
    private static final int CHUNK = 256 << 10;

    private final CompositeByteBuf chunks =
        ByteBufAllocator.DEFAULT.compositeDirectBuffer(Integer.MAX_VALUE);
    private ByteBuf chunk = ByteBufAllocator.DEFAULT.directBuffer(16 << 10, CHUNK);

    public Builder add(byte[] bytes) {
      return add(bytes, 0, bytes.length);
    }

    public Builder add(byte[] bytes, int offset, int length) {
      int from = offset;
      int left = length;
      while (left > 0) {
        if (chunk.maxWritableBytes() == 0) {
          chunks.addComponent(true, chunk);
          chunk = ByteBufAllocator.DEFAULT.directBuffer(CHUNK, CHUNK);
        }
        int part = Math.min(left, chunk.maxWritableBytes());
        chunk.writeBytes(bytes, from, part);
        from += part;
        left -= part;
      }
      return this;
    }

    public Builder add(int single) {
      if (chunk.maxWritableBytes() == 0) {
        return add(new byte[] {(byte) single});
      }
      chunk.writeByte(single);
      return this;
    }

    public int length() {
      return chunks.readableBytes() + chunk.readableBytes();
    }

    public Body build() {
      chunks.addComponent(true, chunk);
      return new Body(chunks);
    }

    /// Gives the memory back without sending anything.
    public void discard() {
      chunk.release();
      chunks.release();
    }
  }
}
