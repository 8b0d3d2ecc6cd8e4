package dev.tiphys.store;

import org.jspecify.annotations.Nullable;

/// One write that happened. Immutable, but for [#attachment].
public final class Event {

  private final long revision;
  private final String key;
  private final @Nullable KeyValue current;
  private final @Nullable KeyValue previous;
  private final long cause;
  private volatile @Nullable Object attachment;

  /// @param revision the revision it got
  /// @param key the key
  /// @param current the new state; null if the key was deleted
  /// @param previous the state before; null if the key did not exist, or if that state is compacted
  ///   away
  /// @param cause the revision that the writer reacted to, or 0. A deletion has one too
  public Event(
      long revision,
      String key,
      @Nullable KeyValue current,
      @Nullable KeyValue previous,
      long cause) {
    this.revision = revision;
    this.key = key;
    this.current = current;
    this.previous = previous;
    this.cause = cause;
  }

  /// The revision that the write got.
  public long revision() {
    return revision;
  }

  public String key() {
    return key;
  }

  /// The new state; null if the key was deleted.
  public @Nullable KeyValue current() {
    return current;
  }

  /// The state before; null if the key did not exist, or if that state is compacted away.
  public @Nullable KeyValue previous() {
    return previous;
  }

  /// The revision that the writer reacted to, or 0.
  public long cause() {
    return cause;
  }

  /// What a reader attached last, or null.
  public @Nullable Object attachment() {
    return attachment;
  }

  /// Attaches `made`, for all readers. The last one wins; a history drops it when the event is no
  /// longer among the newest.
  public void attach(Object made) {
    attachment = made;
  }

  /// Drops what was made of the event and of the state that it replaced, which few will read any
  /// more; and of the new state, if that is tied to a lease: what ends by itself is many, and read
  /// seldom.
  public void cool() {
    attachment = null;
    if (previous != null) {
      previous.detach();
    }
    if (current != null && current.lease() != 0) {
      current.detach();
    }
  }

  @Override
  public String toString() {
    return (current == null ? "-" : "") + key + "@" + revision;
  }
}
