package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.store.replica.TreeEdit;
import dev.tiphys.store.replica.TreeSnapshot;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
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
    return make(change, null);
  }

  /// As [#make], and attaches to the new state what `attachment` makes of its revision.
  Event make(Change.Set change, @Nullable LongFunction<Object> attachment) {
    revision++;
    byte[] value = change.value();
    if (value == null) {
      return delete(change);
    }
    Event event = put(change, value);
    if (attachment != null && event.current() != null) {
      event.current().attach(attachment.apply(revision));
    }
    return event;
  }

  private Event delete(Change.Set change) {
    KeyValue before = edit.get(change.key());
    if (before == null) {
      throw new IllegalArgumentException("deletes what does not exist: " + change.key());
    }
    edit.remove(change.key());
    return new Event(revision, before.key(), null, before, change.cause());
  }

  private Event put(Change.Set change, byte[] value) {
    Replacement replacement = new Replacement(change, value, revision);
    edit.update(change.key(), replacement);
    KeyValue made = Objects.requireNonNull(replacement.after);
    return new Event(revision, made.key(), made, replacement.before, change.cause());
  }

  /// Makes the next state of a key, and remembers it and the one before.
  private static final class Replacement implements Function<@Nullable KeyValue, KeyValue> {
    private final Change.Set change;
    private final byte[] value;
    private final long revision;
    private @Nullable KeyValue before;
    private @Nullable KeyValue after;

    Replacement(Change.Set change, byte[] value, long revision) {
      this.change = change;
      this.value = value;
      this.revision = revision;
    }

    @Override
    public KeyValue apply(@Nullable KeyValue replaced) {
      KeyValue made =
          new KeyValue(
              replaced == null ? change.key() : replaced.key(),
              value,
              replaced == null ? revision : replaced.createRevision(),
              revision,
              replaced == null ? 1 : replaced.version() + 1,
              change.lease(),
              change.cause());
      before = replaced;
      after = made;
      return made;
    }
  }

  /// The whole store as it is now.
  TreeSnapshot snapshot() {
    return new TreeSnapshot(revision, edit.tree());
  }
}
