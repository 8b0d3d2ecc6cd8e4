package dev.tiphys.http.server;

import dev.tiphys.http.ContentTimeoutException;
import dev.tiphys.http.ContentTooLargeException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import io.netty.buffer.ByteBuf;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The content of a request, which is read while it arrives.
///
/// Holds what has arrived and was not read yet; the connection sees to it that this stays little.
///
/// Threads: the event loop delivers, one thread reads.
final class IncomingContent extends InputStreamOfPieces {

  /// The connection is told of what was read in steps of this size.
  private static final int STEP = 64 << 10;

  private final World world;
  private final Source source;
  private final Object lock = new Object();
  private final Queue<byte[]> pieces = new ArrayDeque<>();
  private int queued;
  private long limit;
  private long announced;
  private long received;
  private boolean unlimited;
  private boolean complete;
  private boolean abandoned;
  private @Nullable IOException failure;
  private @Nullable Gate arrival;
  private long deadline;
  private boolean demanded;
  private int unreported;

  /// Where the content comes from. Called on the reading thread.
  interface Source {
    /// The content is waited for.
    void demanded();

    /// So many bytes were read, and are no longer held.
    void consumed(int length);
  }

  /// @param limit how many bytes it may have
  IncomingContent(World world, Source source, long limit) {
    this.world = world;
    this.source = source;
    this.limit = limit;
  }

  /// How much content is coming, as the request's head says it: more than the limit is refused
  /// before any of it is read.
  void announced(long length) {
    announced = length;
  }

  /// Takes as much as comes, for as long as it comes.
  void liftLimits() {
    synchronized (lock) {
      limit = Long.MAX_VALUE;
      unlimited = true;
    }
  }

  /// Takes what has arrived. Returns whether it is held until it is read.
  boolean add(ByteBuf data) {
    int length = data.readableBytes();
    synchronized (lock) {
      received += length;
      if (abandoned || failure != null || length == 0) {
        return false;
      }
      byte[] piece = new byte[length];
      data.readBytes(piece);
      pieces.add(piece);
      queued += length;
    }
    wake();
    return true;
  }

  /// Everything has arrived.
  void complete() {
    synchronized (lock) {
      complete = true;
    }
    wake();
  }

  /// No more will arrive, though more was to come.
  void broken() {
    fail(new EOFException("the client broke off"));
  }

  private void fail(IOException reason) {
    synchronized (lock) {
      if (failure == null && !complete) {
        failure = reason;
        pieces.clear();
        queued = 0;
      }
    }
    wake();
  }

  /// Nobody will read it any more: what is held is dropped, and what arrives.
  void abandon() {
    synchronized (lock) {
      abandoned = true;
      pieces.clear();
      queued = 0;
    }
  }

  boolean isComplete() {
    synchronized (lock) {
      return complete;
    }
  }

  /// Whether the content will never be complete.
  boolean isBroken() {
    synchronized (lock) {
      return failure != null;
    }
  }

  /// How many bytes are held.
  int queued() {
    synchronized (lock) {
      return queued;
    }
  }

  /// How many bytes have arrived.
  long received() {
    synchronized (lock) {
      return received;
    }
  }

  private void wake() {
    Gate waiting;
    synchronized (lock) {
      waiting = arrival;
    }
    if (waiting != null) {
      waiting.open();
    }
  }

  @Override
  byte[] next() throws IOException {
    while (true) {
      Gate gate;
      synchronized (lock) {
        if (failure == null && Math.max(announced, received) > limit) {
          failure = new ContentTooLargeException(limit);
          pieces.clear();
          queued = 0;
        }
        if (failure != null) {
          throw failure;
        }
        byte[] piece = pieces.poll();
        if (piece != null) {
          queued -= piece.length;
          report(piece.length);
          return piece;
        }
        if (complete || abandoned) {
          return END;
        }
        if (arrival == null) {
          arrival = world.gate();
        }
        gate = arrival;
      }
      await(gate);
    }
  }

  private void report(int length) {
    unreported += length;
    if (unreported >= STEP) {
      source.consumed(unreported);
      unreported = 0;
    }
  }

  private void await(Gate gate) throws IOException {
    if (!demanded) {
      demanded = true;
      deadline = world.nanoTime() + Timeouts.CONTENT.toNanos();
      source.demanded();
    }
    try {
      if (unlimited) {
        gate.await();
      } else if (!gate.await(Duration.ofNanos(deadline - world.nanoTime()))) {
        ContentTimeoutException late = new ContentTimeoutException();
        fail(late);
        throw late;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the content was read");
    }
  }
}
