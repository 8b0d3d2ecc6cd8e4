package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.connections.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;

/// What was passed on of a request's content, as long as it is small enough to be sent again.
///
/// Threads: the event loop.
final class Replay {

  private static final int MOST = 64 << 10;

  private final List<HttpContent> kept = new ArrayList<>(1);
  private long size;
  private boolean whole = true;

  /// Keeps a part, which it shares the bytes of.
  void keep(HttpContent part) {
    size += part.content().readableBytes();
    if (size > MOST) {
      drop();
    }
    if (whole) {
      kept.add(part instanceof LastHttpContent ? part.retain() : shared(part));
    }
  }

  private static HttpContent shared(HttpContent part) {
    return new DefaultHttpContent(part.content().retainedDuplicate());
  }

  /// Whether all that was passed on is still here.
  boolean isWhole() {
    return whole;
  }

  /// Sends all of it once more.
  void writeTo(Upstream upstream) {
    for (HttpContent part : kept) {
      upstream.write(part instanceof LastHttpContent last ? again(last) : shared(part));
    }
  }

  private static HttpContent again(LastHttpContent last) {
    return last.replace(
        last.content().isReadable() ? last.content().retainedDuplicate() : Unpooled.EMPTY_BUFFER);
  }

  /// Nothing will be sent again.
  void drop() {
    whole = false;
    kept.forEach(HttpContent::release);
    kept.clear();
  }
}
