package dev.tiphys.client.http;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A watch over HTTP: a line of JSON for each event.
///
/// Threads: one reads, any closes.
final class HttpWatchStream implements WatchStream {

  private final InputStream body;
  private final BufferedReader lines;
  private volatile boolean closed;

  HttpWatchStream(InputStream body) {
    this.body = body;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable WatchEvent next() throws InterruptedException {
    try {
      String line = lines.readLine();
      return line == null ? null : event(Json.struct(line));
    } catch (IOException e) {
      if (closed || Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "the watch broke: " + e.getMessage());
    } catch (EncodingException e) {
      throw ApiException.of(Reason.INTERNAL_ERROR, "the watch can't be read: " + e.getMessage());
    }
  }

  private static WatchEvent event(Struct frame) {
    return new WatchEvent(WatchEvent.Type.valueOf(frame.string("type")), frame.struct("object"));
  }

  @Override
  public void close() {
    closed = true;
    try {
      body.close();
    } catch (IOException e) {
      // it was broken already, which is what is wanted
    }
  }
}
