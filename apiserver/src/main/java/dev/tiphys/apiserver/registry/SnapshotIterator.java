package dev.tiphys.apiserver.registry;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Walks over the states of a snapshot, some at a time.
///
/// Threads: one.
final class SnapshotIterator implements Iterator<KeyValue> {

  private static final int PAGE = 500;

  private final Snapshot snapshot;
  private final String keyPrefix;
  private String after;
  private Iterator<KeyValue> page = List.<KeyValue>of().iterator();

  SnapshotIterator(Snapshot snapshot, String keyPrefix, String after) {
    this.snapshot = snapshot;
    this.keyPrefix = keyPrefix;
    this.after = after;
  }

  @Override
  public boolean hasNext() {
    if (!page.hasNext()) {
      page = snapshot.list(keyPrefix, after, PAGE).iterator();
    }
    return page.hasNext();
  }

  @Override
  public KeyValue next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    KeyValue state = page.next();
    after = state.key();
    return state;
  }
}
