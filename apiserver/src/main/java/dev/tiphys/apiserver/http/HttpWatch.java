package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.Subscription;
import dev.tiphys.apiserver.watch.WatchSink;
import dev.tiphys.client.ApiException;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client's watch: notices become frames of its stream.
///
/// Threads: any.
final class HttpWatch implements WatchSink {

  /// How long before its end a watch is marked for the last time.
  private static final Duration BEFORE_END = Duration.ofSeconds(2);

  private final WatchWriting writing;
  private @Nullable List<byte[]> early = new ArrayList<>(); // until the stream has begun
  private @Nullable ResponseStream stream;
  private @Nullable Subscription subscription;
  private boolean over;

  HttpWatch(WatchWriting writing) {
    this.writing = writing;
  }

  /// Goes on with the stream, after what came before it was there.
  synchronized void begin(ResponseStream begun, Subscription own) {
    stream = begun;
    subscription = own;
    List<byte[]> frames = early;
    early = null;
    if (frames != null) {
      frames.forEach(begun::offer);
    }
    if (over) {
      begun.close();
    }
    begun.onEnd(own::close);
  }

  @Override
  public boolean offer(Notice notice) {
    return write(writing.notice(notice));
  }

  @Override
  public boolean offerInitialEnd(long revision) {
    return write(writing.bookmark(revision, true));
  }

  @Override
  public void end(ApiException reason) {
    if (write(writing.error(reason))) {
      close();
    } else {
      abort(); // what he is behind with would lie here for as long as he does not read
    }
  }

  private synchronized void abort() {
    over = true;
    if (stream != null) {
      stream.abort();
    }
  }

  private synchronized boolean write(byte[] frame) {
    if (early != null) {
      early.add(frame);
      return true;
    }
    return stream != null && stream.offer(frame);
  }

  private synchronized void close() {
    over = true;
    if (stream != null) {
      stream.close();
    }
  }

  /// Ends the watch after a while, in good order.
  void endAfter(World world, Duration life) {
    world.schedule(
        life,
        () -> {
          Subscription own = subscription;
          if (own != null) {
            own.close();
          }
          close();
        });
  }

  /// Tells the client now and then how far the watch has come, for as long as it lives.
  void mark(World world, Duration every, Duration life) {
    boolean last = life.compareTo(every.plus(BEFORE_END)) <= 0;
    Duration next = last ? life.minus(BEFORE_END) : every;
    if (next.isNegative()) {
      return;
    }
    world.schedule(
        next,
        () -> {
          Subscription own = subscription;
          if (own != null && write(writing.bookmark(own.reached(), false)) && !last) {
            mark(world, every, life.minus(next));
          }
        });
  }
}
