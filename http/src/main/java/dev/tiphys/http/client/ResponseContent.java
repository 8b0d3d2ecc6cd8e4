package dev.tiphys.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/// The content of a server's answer, whichever way its end is told (RFC 9112, section 6).
///
/// Threads: one.
final class ResponseContent extends InputStream {

  private static final int LONGEST_LINE = 8 << 10;
  private static final long TO_THE_END = -1;

  private final InputStream in;
  private final boolean chunked;
  private long left; // of the content or chunk; TO_THE_END of the connection
  private boolean begun;
  private boolean ended;

  private ResponseContent(InputStream in, boolean chunked, long left) {
    this.in = in;
    this.chunked = chunked;
    this.left = left;
  }

  /// @param method that was asked with
  /// @param in what follows the head
  static InputStream of(String method, ResponseHead head, InputStream in) throws IOException {
    if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
      return nullInputStream();
    }
    String coding = head.header("transfer-encoding");
    if (coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
      return new ResponseContent(in, true, 0);
    }
    String length = head.header("content-length");
    return new ResponseContent(in, false, length == null ? TO_THE_END : length(length));
  }

  private static long length(String text) throws IOException {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("bad Content-Length \"" + text + '"', e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (chunked && left == 0 && !ended) {
      beginChunk();
    }
    if (ended || left == 0) {
      return -1;
    }
    int wanted = left == TO_THE_END ? length : (int) Math.min(length, left);
    int read = in.read(target, offset, wanted);
    if (read < 0 && left != TO_THE_END) {
      throw new EOFException("unexpected EOF");
    }
    if (read < 0) {
      ended = true;
    } else if (left != TO_THE_END) {
      left -= read;
    }
    return read;
  }

  private void beginChunk() throws IOException {
    if (begun) {
      ResponseHead.line(in, LONGEST_LINE); // the end of the chunk before
    }
    begun = true;
    String size = ResponseHead.line(in, LONGEST_LINE).split(";", 2)[0].strip();
    try {
      left = Long.parseUnsignedLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("invalid byte in chunk length", e);
    }
    if (left < 0) {
      throw new IOException("http chunk length too large");
    }
    if (left == 0) {
      ended = true;
      while (!ResponseHead.line(in, LONGEST_LINE).isEmpty()) {
        // trailers, which are not passed on
      }
    }
  }
}
