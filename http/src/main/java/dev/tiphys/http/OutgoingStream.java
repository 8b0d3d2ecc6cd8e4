package dev.tiphys.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// An answer that is sent piece by piece, whatever the version of HTTP.
///
/// Threads: any.
abstract class OutgoingStream implements ResponseStream {

  /// So far may a client be behind before he is cut off.
  private static final int FARTHEST_BEHIND = 4 << 20;

  /// So far may he be behind before a writer that can wait waits.
  private static final int BEHIND = 256 << 10;

  private final AtomicInteger unsent = new AtomicInteger();
  private volatile @Nullable Thread waiting;
  private volatile boolean ended;
  private @Nullable Runnable onEnd;

  /// Writes a piece; calls [#sent] when that is done or has failed. Any thread.
  abstract void put(ByteBuf piece, int length);

  /// Writes the end. Any thread.
  abstract void putEnd();

  /// A piece has left, or never will.
  final void sent(int length) {
    unsent.addAndGet(-length);
    Thread writer = waiting;
    if (writer != null) {
      LockSupport.unpark(writer);
    }
  }

  @Override
  public final boolean offer(byte[] piece) {
    if (ended || unsent.get() > FARTHEST_BEHIND) {
      return false;
    }
    unsent.addAndGet(piece.length);
    put(Unpooled.wrappedBuffer(piece), piece.length);
    return true;
  }

  @Override
  public final void write(byte[] piece) throws IOException, InterruptedException {
    waiting = Thread.currentThread();
    try {
      while (unsent.get() > BEHIND && !ended) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      waiting = null;
    }
    if (!offer(piece)) {
      throw new IOException("the client has gone");
    }
  }

  @Override
  public final void close() {
    if (!ended) {
      putEnd();
    }
  }

  @Override
  public final void onEnd(Runnable action) {
    synchronized (this) {
      if (!ended) {
        onEnd = action;
        return;
      }
    }
    action.run();
  }

  /// The stream is over, whoever ended it.
  final void over() {
    Runnable action;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      action = onEnd;
    }
    Thread writer = waiting;
    if (writer != null) {
      LockSupport.unpark(writer);
    }
    if (action != null) {
      action.run();
    }
  }
}
