package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.request.Turn;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One client's watch: pulls what the client has not seen as fast as the client reads it, so that
/// little is ever on its way, however slow the client is.
///
/// Threads: its own task runs it.
final class HttpWatch implements Runnable {

  private static final Duration BOOKMARKS = Duration.ofMinutes(1);

  /// How long before its end a watch is marked for the last time.
  private static final Duration BEFORE_END = Duration.ofSeconds(2);

  /// How long the client may take nothing at all before it is given up.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// How much is written at a time, of notices that wait.
  private static final int BATCH = 16 << 10;

  private final Supplier<WatchCursor> opening;
  private final boolean bookmarks;
  private final World world;
  private final ResponseStream stream;
  private final WatchWriting writing;
  private final Turn turn;
  private final Gate writable;
  private final long end;
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(0);
  private volatile boolean ended;

  /// @param opening begins the watch; throws the [ApiException] that the client is to see
  /// @param bookmarks whether the client is told, now and then, how far the watch has come
  /// @param life when to end the watch in good order
  /// @param turn what it holds until it has told what existed
  HttpWatch(
      Supplier<WatchCursor> opening,
      boolean bookmarks,
      World world,
      ResponseStream stream,
      WatchWriting writing,
      Duration life,
      Turn turn) {
    this.opening = opening;
    this.bookmarks = bookmarks;
    this.world = world;
    this.stream = stream;
    this.writing = writing;
    this.turn = turn;
    this.writable = world.gate();
    this.end = world.nanoTime() + life.toNanos();
  }

  @Override
  public void run() {
    try {
      stream.onWritable(writable::open);
      try (WatchCursor cursor = opening.get()) {
        stream.onEnd(
            () -> {
              ended = true;
              writable.open();
              cursor.close();
            });
        tell(cursor);
      } catch (ApiException e) { // what is wrong only now can be said only so
        write(writing.error(e));
      }
      stream.close();
    } catch (IOException e) {
      stream.abort(); // the client has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stream.abort();
    } catch (RuntimeException e) {
      stream.abort();
      throw e;
    } finally {
      turn.release();
    }
  }

  private void tell(WatchCursor cursor) throws IOException, InterruptedException {
    long mark = nextMark(world.nanoTime());
    Timer timer = wakeAt(mark, cursor);
    try {
      while (!cursor.isClosed()) {
        byte[] news = news(cursor);
        long now = world.nanoTime();
        if (cursor.hasToldExisting()) {
          turn.release();
        }
        if (news != null) {
          write(news);
        } else if (now >= mark && mark < end) {
          write(writing.bookmark(cursor.position(), false));
          mark = nextMark(mark);
          timer = wakeAt(mark, cursor);
        } else if (now < end) {
          cursor.await();
        }
        if (now >= end) {
          return;
        }
      }
    } finally {
      timer.cancel();
    }
  }

  private Timer wakeAt(long time, WatchCursor cursor) {
    return world.schedule(Duration.ofNanos(time - world.nanoTime()), cursor::wake);
  }

  /// What there is to tell, as far as it goes into one write; null if there is nothing. A notice
  /// that is the only one is written as it is, shared with other watches.
  private byte @Nullable [] news(WatchCursor cursor) {
    Notice first = cursor.poll();
    if (first == null) {
      return null;
    }
    byte[] frame = writing.notice(first);
    Notice second = writing.canJoin() && frame.length < BATCH ? cursor.poll() : null;
    if (second == null) {
      return frame;
    }
    batch.reset();
    batch.writeBytes(frame);
    for (Notice more = second; more != null; more = batch.size() < BATCH ? cursor.poll() : null) {
      batch.writeBytes(writing.notice(more));
    }
    return batch.toByteArray();
  }

  private void write(byte[] frame) throws IOException, InterruptedException {
    while (!ended && !stream.isWritable()) {
      if (!writable.await(PATIENCE)) {
        throw new IOException("the client reads nothing");
      }
    }
    if (!stream.offer(frame)) {
      throw new IOException("the client has gone");
    }
  }

  /// When to mark the watch next, after it was marked at `last`; the end if not any more.
  private long nextMark(long last) {
    long beforeEnd = end - BEFORE_END.toNanos();
    return bookmarks && last < beforeEnd ? Math.min(last + BOOKMARKS.toNanos(), beforeEnd) : end;
  }
}
