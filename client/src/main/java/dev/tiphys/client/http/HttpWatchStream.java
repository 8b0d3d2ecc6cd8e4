package dev.tiphys.client.http;

import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A watch over HTTP: a line of JSON for each event.
///
/// A server that was asked for bookmarks sends one about every minute. When nothing at all comes
/// for much longer than that, the connection is most likely dead, and the watch ends with an
/// [ApiException] of reason `TIMEOUT`.
///
/// Threads: one reads, any closes.
final class HttpWatchStream implements WatchStream {

  private static final Duration QUIET = Duration.ofMinutes(3);

  private final World world;
  private final InputStream body;
  private final BufferedReader lines;
  private final boolean bounded;
  private final Object lock = new Object();
  private @Nullable Timer timer;
  private long heard;
  private boolean quiet;
  private volatile boolean closed;

  HttpWatchStream(World world, InputStream body, boolean bounded) {
    this.world = world.background();
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    this.bounded = bounded;
    if (bounded) {
      hear();
      watchFor(QUIET);
    }
  }

  private void hear() {
    synchronized (lock) {
      heard = world.nanoTime();
    }
  }

  private void watchFor(Duration span) {
    synchronized (lock) {
      if (!closed) {
        timer = world.schedule(span, this::check);
      }
    }
  }

  private void check() {
    Duration left;
    synchronized (lock) {
      left = QUIET.minusNanos(world.nanoTime() - heard);
      quiet = !left.isPositive() && !closed;
    }
    if (quiet) {
      // not on the thread of the timers: to close may take a while
      world.start("quiet-watch", this::close);
    } else {
      watchFor(left);
    }
  }

  @Override
  public @Nullable WatchEvent next() throws InterruptedException {
    try {
      String line = lines.readLine();
      if (bounded) {
        hear();
      }
      if (line == null && isQuiet()) {
        throw quietly();
      }
      return line == null ? null : event(Json.struct(line));
    } catch (IOException e) {
      if (isQuiet()) {
        throw quietly();
      }
      if (closed || Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "the watch broke: " + e.getMessage());
    } catch (EncodingException e) {
      throw ApiException.of(Reason.INTERNAL_ERROR, "the watch can't be read: " + e.getMessage());
    }
  }

  private boolean isQuiet() {
    synchronized (lock) {
      return quiet;
    }
  }

  private static ApiException quietly() {
    return ApiException.of(
        Reason.TIMEOUT, "nothing came for " + QUIET.toMinutes() + " minutes, not even a bookmark");
  }

  private static WatchEvent event(Struct frame) {
    String type = frame.string("type");
    for (WatchEvent.Type known : WatchEvent.Type.values()) {
      if (known.name().equals(type)) {
        return new WatchEvent(known, frame.struct("object"));
      }
    }
    throw ApiException.of(Reason.INTERNAL_ERROR, "the watch tells of an unknown event: " + type);
  }

  @Override
  public void close() {
    closed = true;
    synchronized (lock) {
      if (timer != null) {
        timer.cancel();
      }
    }
    try {
      body.close();
    } catch (IOException e) {
      // it was broken already, which is what is wanted
    }
  }
}
