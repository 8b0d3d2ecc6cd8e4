package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.client.ApiException;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;

/// One client's watch: pulls what the client has not seen as fast as the client reads it, so that
/// little is ever on its way, however slow the client is.
///
/// Threads: its own task runs it.
final class HttpWatch implements Runnable {

  private static final Duration BOOKMARKS = Duration.ofMinutes(1);

  /// How long before its end a watch is marked for the last time.
  private static final Duration BEFORE_END = Duration.ofSeconds(2);

  private final Operations operations;
  private final Target target;
  private final WatchQuery query;
  private final boolean bookmarks;
  private final World world;
  private final ResponseStream stream;
  private final WatchWriting writing;
  private final long end;

  /// @param bookmarks whether the client is told, now and then, how far the watch has come
  /// @param life when to end the watch in good order
  HttpWatch(
      Operations operations,
      Target target,
      WatchQuery query,
      boolean bookmarks,
      World world,
      ResponseStream stream,
      WatchWriting writing,
      Duration life) {
    this.operations = operations;
    this.target = target;
    this.query = query;
    this.bookmarks = bookmarks;
    this.world = world;
    this.stream = stream;
    this.writing = writing;
    this.end = world.nanoTime() + life.toNanos();
  }

  @Override
  public void run() {
    try {
      try (WatchCursor cursor = operations.watch(target, query)) {
        stream.onEnd(cursor::close);
        tell(cursor);
      } catch (ApiException e) { // what is wrong only now can be said only so
        stream.write(writing.error(e));
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
    }
  }

  private void tell(WatchCursor cursor) throws IOException, InterruptedException {
    long mark = nextMark(world.nanoTime());
    while (!cursor.isClosed()) {
      long now = world.nanoTime();
      if (now >= end) {
        return;
      }
      Notice notice = cursor.next(Duration.ofNanos(Math.min(mark, end) - now));
      if (notice != null) {
        stream.write(writing.notice(notice));
      } else if (world.nanoTime() >= mark && mark < end) {
        stream.write(writing.bookmark(cursor.position(), false));
        mark = nextMark(mark);
      }
    }
  }

  /// When to mark the watch next, after it was marked at `last`; the end if not any more.
  private long nextMark(long last) {
    long beforeEnd = end - BEFORE_END.toNanos();
    return bookmarks && last < beforeEnd ? Math.min(last + BOOKMARKS.toNanos(), beforeEnd) : end;
  }
}
