package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.store.KeyValue;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The states among some candidates that are selected and can be read, each decoded when it is come
/// to.
///
/// Threads: one.
final class SelectedStates implements Iterator<Stored> {

  private final Storage storage;
  private final Selection selection;
  private final Iterator<KeyValue> candidates;
  private @Nullable Stored next;

  SelectedStates(Storage storage, Selection selection, Iterator<KeyValue> candidates) {
    this.storage = storage;
    this.selection = selection;
    this.candidates = candidates;
  }

  @Override
  public boolean hasNext() {
    while (next == null && candidates.hasNext()) {
      Stored state = storage.readable(candidates.next());
      next = state != null && selection.selects(state.object()) ? state : null;
    }
    return next != null;
  }

  @Override
  public Stored next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Stored found = next;
    next = null;
    return found;
  }
}
