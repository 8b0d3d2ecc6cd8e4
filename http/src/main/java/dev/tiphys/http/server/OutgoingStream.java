package dev.tiphys.http.server;

import dev.tiphys.http.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// An answer that is sent piece by piece, whatever the version of HTTP.
///
/// Threads: any.
abstract class OutgoingStream implements ResponseStream {

  /// With so much unsent, nothing more is taken.
  private static final int LIMIT = 4 << 20;

  /// With so much unsent, a writer is to wait ...
  private static final int HIGH_WATER = 256 << 10;

  /// ... until only so much is left.
  private static final int LOW_WATER = 64 << 10;

  /// How long a client may read nothing while a writer waits for it, and how often that is looked
  /// at.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int LOOKS = 10;

  private final AtomicInteger unsent = new AtomicInteger();
  private final AtomicBoolean writerWaits = new AtomicBoolean();
  private volatile @Nullable Runnable onWritable;
  private volatile @Nullable Thread blockedWriter;
  private volatile boolean ended;
  private @Nullable Runnable onEnd;

  /// Writes a piece; calls [#sent] when that is done or has failed. Any thread.
  abstract void put(ByteBuf piece, int length);

  /// Writes the end. Any thread.
  abstract void putEnd();

  /// A piece has left, or never will. Event loop.
  final void sent(int length) {
    boolean drained = unsent.addAndGet(-length) <= LOW_WATER;
    if (drained && writerWaits.compareAndSet(true, false) && !ended) {
      LockSupport.unpark(blockedWriter);
      Runnable action = onWritable;
      if (action != null) {
        action.run();
      }
    }
  }

  @Override
  public final boolean isWritable() {
    if (ended) {
      return false;
    }
    if (unsent.get() < HIGH_WATER) {
      return true;
    }
    writerWaits.set(true);
    // it may have drained before it was known that a writer waits
    return unsent.get() <= LOW_WATER && writerWaits.compareAndSet(true, false);
  }

  @Override
  public final void onWritable(Runnable action) {
    onWritable = action;
  }

  @Override
  public final boolean offer(byte[] piece) {
    if (ended || unsent.get() > LIMIT) {
      return false;
    }
    unsent.addAndGet(piece.length);
    put(Unpooled.wrappedBuffer(piece), piece.length);
    return true;
  }

  @Override
  public final void write(byte[] piece) throws IOException, InterruptedException {
    blockedWriter = Thread.currentThread();
    try {
      int idle = 0;
      while (!isWritable() && !ended) {
        int before = unsent.get();
        LockSupport.parkNanos(this, PATIENCE.toNanos() / LOOKS);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        idle = unsent.get() < before ? 0 : idle + 1;
        if (idle > LOOKS) {
          abort();
          throw new IOException("the client reads nothing");
        }
      }
    } finally {
      blockedWriter = null;
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

  /// The stream is over, whichever side ended it.
  final void over() {
    Runnable action;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      action = onEnd;
    }
    LockSupport.unpark(blockedWriter);
    if (action != null) {
      action.run();
    }
  }
}
