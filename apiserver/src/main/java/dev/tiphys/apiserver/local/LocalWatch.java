package dev.tiphys.apiserver.local;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.apiserver.watch.Notice;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import org.jspecify.annotations.Nullable;

/// A watch within the process: the reader pulls from the cursor itself.
///
/// Threads: one reads; any may close.
final class LocalWatch implements WatchStream {

  private final WatchCursor cursor;
  private final Endpoint endpoint;
  private boolean over; // the reader's

  LocalWatch(WatchCursor cursor, Endpoint endpoint) {
    this.cursor = cursor;
    this.endpoint = endpoint;
  }

  @Override
  public @Nullable WatchEvent next() throws InterruptedException {
    if (over) {
      return null;
    }
    try {
      Notice notice = cursor.next();
      return notice == null ? null : event(notice);
    } catch (ApiException e) {
      over = true;
      close();
      return new WatchEvent(WatchEvent.Type.ERROR, e.status());
    }
  }

  private WatchEvent event(Notice notice) {
    Stored state = notice.state();
    return new WatchEvent(
        notice.type(), state == null ? mark(notice.revision()) : endpoint.present(state));
  }

  private Struct mark(long revision) {
    return Struct.of(
        "kind",
        endpoint.served().kind(),
        "apiVersion",
        endpoint.served().groupVersion().toString(),
        "metadata",
        Struct.of("resourceVersion", Long.toString(revision)));
  }

  @Override
  public void close() {
    cursor.close();
  }
}
