package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.client.WatchEvent.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One write to one object, and the notices that can be given of it: which one a watcher gets
/// depends on what it selected. Attached to the event, so that each notice is made once for all
/// watchers.
///
/// Threads: any.
final class Change {

  private final Event event;
  private final Storage storage;
  private volatile @Nullable Notice added;
  private volatile @Nullable Notice modified;
  private volatile @Nullable Notice deleted;

  private Change(Event event, Storage storage) {
    this.event = event;
    this.storage = storage;
  }

  /// @param storage of the resource as it is served now: what was made before of another one has
  ///   the form of an older schema
  static Change of(Event event, Storage storage) {
    if (event.attachment() instanceof Change known && known.storage == storage) {
      return known;
    }
    Change made = new Change(event, storage);
    event.attach(made);
    return made;
  }

  /// The notice for a watcher, or null if nothing that it selected is concerned. A state that can't
  /// be read is none: a watcher that selected the object before learns that it is gone.
  @Nullable Notice noticeFor(Predicate<Struct> selected) {
    Stored now = state(event.current());
    Stored before = state(event.previous());
    boolean isSelected = now != null && selected.test(now.object());
    boolean wasSelected = before != null && selected.test(before.object());
    if (isSelected && now != null) {
      return wasSelected ? modified(now) : added(now);
    }
    return wasSelected ? deleted() : null;
  }

  private @Nullable Stored state(@Nullable KeyValue record) {
    return record == null ? null : storage.readable(record);
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
