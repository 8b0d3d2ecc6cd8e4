package dev.tiphys.http.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bytes that come in pieces.
///
/// Threads: one reads.
abstract class InputStreamOfPieces extends InputStream {

  /// Stands for the end.
  static final byte[] END = {};

  private byte[] piece = END;
  private int at;

  /// The next piece; waits for it. [#END] at the end.
  abstract byte[] next() throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == piece.length) {
      piece = next();
      at = 0;
      if (piece.length == 0) {
        return -1;
      }
    }
    int part = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, target, offset, part);
    at += part;
    return part;
  }

  /// Everything up to the end; what came in one piece is not copied.
  @Override
  public final byte[] readAllBytes() throws IOException {
    byte[] first = at == 0 ? piece : Arrays.copyOfRange(piece, at, piece.length);
    at = 0;
    piece = END;
    if (first.length == 0) {
      first = next();
    }
    List<byte[]> more = new ArrayList<>(0);
    int length = first.length;
    if (length > 0) {
      for (byte[] each = next(); each.length > 0; each = next()) {
        more.add(each);
        length += each.length;
      }
    }
    if (more.isEmpty()) {
      return first;
    }
    byte[] whole = Arrays.copyOf(first, length);
    int to = first.length;
    for (byte[] each : more) {
      System.arraycopy(each, 0, whole, to, each.length);
      to += each.length;
    }
    return whole;
  }
}
