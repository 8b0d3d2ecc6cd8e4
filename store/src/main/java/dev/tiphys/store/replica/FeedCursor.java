package dev.tiphys.store.replica;

import dev.tiphys.store.Cursor;
import dev.tiphys.store.Event;
import dev.tiphys.world.Gate;
import java.util.List;

/// A reader's place in an [EventFeed].
///
/// It is **idle** while it has handed out all there is, and then counts as being wherever the
/// history is; news make it busy, just before the event that is the news.
final class FeedCursor implements Cursor {

  static final int BUSY = -1;

  final EventFeed feed;
  final Readers readers;
  final Runnable onClose; // called with the history's lock held
  final String keyPrefix;
  final Gate news;

  // guarded by the history's lock
  long position;
  int idlePlace = BUSY; // where it is among the idle ones of its readers
  boolean closed;

  FeedCursor(
      EventFeed feed, Readers readers, Runnable onClose, String keyPrefix, long after, Gate news) {
    this.feed = feed;
    this.readers = readers;
    this.onClose = onClose;
    this.keyPrefix = keyPrefix;
    this.position = after;
    this.news = news;
  }

  boolean isIdle() {
    return idlePlace != BUSY;
  }

  @Override
  public List<Event> poll(int most) {
    return feed.poll(this, most);
  }

  @Override
  public long position() {
    return feed.position(this);
  }

  @Override
  public void close() {
    feed.close(this);
    news.open();
  }
}
