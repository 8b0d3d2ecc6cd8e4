package dev.tiphys.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Makes up HTTP/2 exchanges, most of which are no proper ones: frames of any type on any stream,
/// with lengths, flags and contents that may be wrong, between some that are right.
///
/// @param random what is made up follows from it
record MalformedHttp2(RandomGenerator random) {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int TYPES = 12;

  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /// The bytes of one connection.
  byte[] next() throws Http2Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (random.nextInt(50) > 0) {
      all.writeBytes(PREFACE);
      frame(all, SETTINGS, 0, 0, new byte[0]);
    }
    int stream = 1;
    for (int i = random.nextInt(30); i >= 0; i--) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          boolean last = random.nextBoolean();
          frame(all, HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, headers());
          if (!last) {
            frame(all, DATA, random.nextInt(2), stream, bytes(random.nextInt(20_000)));
          }
          stream += 2;
        }
        case 4 -> frame(all, RESET, 0, Math.max(1, stream - 2), bytes(4));
        case 5 -> frame(all, WINDOW_UPDATE, 0, random.nextInt(stream + 2), bytes(4));
        case 6 -> frame(all, PING, random.nextInt(2), 0, bytes(8));
        case 7 -> frame(all, HEADERS, 0, stream, headers()); // and no continuation
        case 8 -> frame(all, CONTINUATION, END_HEADERS, stream, headers());
        default ->
            frame(
                all,
                random.nextInt(TYPES),
                random.nextInt(256),
                random.nextInt(stream + 4),
                bytes(random.nextInt(64)));
      }
    }
    return damaged(all.toByteArray());
  }

  private byte[] headers() throws Http2Exception {
    Http2Headers headers = new DefaultHttp2Headers(false);
    if (random.nextInt(10) > 0) {
      headers.method(random.nextInt(4) > 0 ? "POST" : "BREW");
    }
    if (random.nextInt(10) > 0) {
      headers.scheme("https");
    }
    if (random.nextInt(10) > 0) {
      headers.path(random.nextInt(4) > 0 ? "/echo" : "no path");
    }
    if (random.nextInt(4) == 0) {
      headers.add("content-length", Integer.toString(random.nextInt(3) * 1_000_000 - 1));
    }
    if (random.nextInt(10) == 0) {
      headers.add("connection", "close").add("Upper", "case").add("transfer-encoding", "chunked");
    }
    if (random.nextInt(200) == 0) {
      headers.add("x-long", "a".repeat(random.nextInt(12_000)));
    }
    ByteBuf block = Unpooled.buffer();
    new DefaultHttp2HeadersEncoder().encodeHeaders(3, headers, block);
    return ByteBufUtil.getBytes(block);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    int length = random.nextInt(100) == 0 ? random.nextInt(1 << 24) : payload.length;
    out.write(length >>> 16);
    out.write(length >>> 8);
    out.write(length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >>> shift);
    }
    out.writeBytes(payload);
  }

  private byte[] damaged(byte[] bytes) {
    if (random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    int length = random.nextInt(6) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
    return java.util.Arrays.copyOf(bytes, length);
  }
}
