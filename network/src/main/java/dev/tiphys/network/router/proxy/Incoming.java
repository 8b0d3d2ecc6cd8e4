package dev.tiphys.network.router.proxy;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/// The content of the present request of a client: how much of it has come, and may come.
///
/// Threads: the event loop.
final class Incoming {

  /// When a response ends before its request, so much more of the request is read and dropped to
  /// keep the connection.
  private static final int MOST_DROPPED = 256 << 10;

  private boolean whole;
  private long taken;
  private long dropped;
  private long most;

  /// The head of another request has come, and nothing of its content.
  void begin() {
    whole = false;
    taken = 0;
    dropped = 0;
    most = Long.MAX_VALUE;
  }

  /// So many bytes may come at most.
  void limit(long bytes) {
    most = bytes;
  }

  /// Notes a part of the content. One that can't be read ends it, and does not make it whole.
  ///
  /// @return whether it is still within the limit
  boolean take(HttpContent part) {
    whole = part instanceof LastHttpContent && part.decoderResult().isSuccess();
    taken += part.content().readableBytes();
    return taken <= most;
  }

  /// Notes a part that came when the request was answered already, and that no use is made of.
  ///
  /// @return whether it is worth while to wait for the rest
  boolean drop(HttpContent part) {
    whole = part instanceof LastHttpContent;
    dropped += part.content().readableBytes();
    return !part.decoderResult().isFailure() && dropped <= MOST_DROPPED;
  }

  /// Nothing more is expected of it.
  void end() {
    whole = true;
  }

  /// Whether the whole request has come.
  boolean isWhole() {
    return whole;
  }
}
