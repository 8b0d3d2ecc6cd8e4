package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import org.jspecify.annotations.Nullable;

/// Where the next change is made: the newest state of every key, be it on disk already or not.
///
/// What a change makes of the state depends on nothing but both, so doing the changes of a log
/// again gives the same states.
///
/// Threads: one at a time.
final class Head {

  private final TreeEdit edit;
  private long revision;

  Head(TreeSnapshot start) {
    this.edit = new TreeEdit(start.tree());
    this.revision = start.revision();
  }

  long revision() {
    return revision;
  }

  @Nullable KeyValue get(String key) {
    return edit.get(key);
  }

  /// Makes `change`. Deleting a key that does not exist is not one.
  Event make(Change.Set change) {
    KeyValue before = edit.get(change.key());
    revision++;
    byte[] value = change.value();
    if (value != null) {
      return put(change, value, before);
    }
    if (before == null) {
      throw new IllegalArgumentException("deletes what does not exist: " + change.key());
    }
    edit.remove(change.key());
    return new Event(revision, before.key(), null, before, change.cause());
  }

  private Event put(Change.Set change, byte[] value, @Nullable KeyValue before) {
    KeyValue made =
        new KeyValue(
            before == null ? change.key() : before.key(),
            value,
            before == null ? revision : before.createRevision(),
            revision,
            before == null ? 1 : before.version() + 1,
            change.lease(),
            change.cause());
    edit.put(made);
    return new Event(revision, made.key(), made, before, change.cause());
  }

  /// The whole store as it is now.
  TreeSnapshot snapshot() {
    return new TreeSnapshot(revision, edit.tree());
  }
}
