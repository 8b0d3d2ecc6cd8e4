package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Storage;
import dev.tiphys.apiserver.registry.Stored;
import dev.tiphys.client.WatchEvent.Type;
import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import org.jspecify.annotations.Nullable;

/// One write to one object, and the notices that can be given of it: which one a subscriber gets
/// depends on what he selected.
///
/// Threads: any.
final class Change {

  private final Event event;
  private final Storage storage;
  private volatile @Nullable Notice added;
  private volatile @Nullable Notice modified;
  private volatile @Nullable Notice deleted;

  Change(Event event, Storage storage) {
    this.event = event;
    this.storage = storage;
  }

  long revision() {
    return event.revision();
  }

  String key() {
    return event.key();
  }

  /// The notice for a subscriber, or null if nothing that he selected is concerned.
  @Nullable Notice noticeFor(Subscription.Filter filter) {
    Stored now = state(event.current());
    Stored before = state(event.previous());
    boolean isSelected = now != null && filter.selects(now.object());
    boolean wasSelected = before != null && filter.selects(before.object());
    if (isSelected && now != null) {
      return wasSelected ? modified(now) : added(now);
    }
    return wasSelected ? deleted() : null;
  }

  private @Nullable Stored state(@Nullable KeyValue record) {
    return record == null ? null : storage.stored(record);
  }

  private Notice added(Stored now) {
    Notice known = added;
    if (known == null) {
      known = new Notice(Type.ADDED, now);
      added = known;
    }
    return known;
  }

  private Notice modified(Stored now) {
    Notice known = modified;
    if (known == null) {
      known = new Notice(Type.MODIFIED, now);
      modified = known;
    }
    return known;
  }

  /// The object is gone, or gone from what was selected: its last state, at the revision of its
  /// end.
  private @Nullable Notice deleted() {
    Notice known = deleted;
    KeyValue last = event.previous();
    if (known == null && last != null) {
      known = new Notice(Type.DELETED, storage.deleted(last, event.revision()));
      deleted = known;
    }
    return known;
  }
}
