package dev.tiphys.apiserver.past;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A snapshot in which all is encrypted that would be if it were written now, so that nothing is
/// given out plain that is only plain because it is old. What can't be read stays as it is.
///
/// Threads: any.
final class SealedSnapshot implements Snapshot {

  private final Snapshot snapshot;
  private final List<Storage> encrypted;

  SealedSnapshot(Snapshot snapshot, Catalog catalog) {
    this.snapshot = snapshot;
    this.encrypted =
        catalog.registries().stream().map(Registry::storage).filter(Storage::isEncrypted).toList();
  }

  /// Whether anything is encrypted at all.
  boolean differs() {
    return !encrypted.isEmpty();
  }

  @Override
  public long revision() {
    return snapshot.revision();
  }

  @Override
  public @Nullable KeyValue get(String key) {
    KeyValue record = snapshot.get(key);
    return record == null ? null : sealed(record);
  }

  @Override
  public List<KeyValue> list(String prefix, String after, int limit) {
    List<KeyValue> sealed = new ArrayList<>();
    for (KeyValue record : snapshot.list(prefix, after, limit)) {
      sealed.add(sealed(record));
    }
    return sealed;
  }

  @Override
  public long count(String prefix, String after) {
    return snapshot.count(prefix, after);
  }

  private KeyValue sealed(KeyValue record) {
    for (Storage storage : encrypted) {
      if (record.key().startsWith(storage.prefix())) {
        return storage.sealed(record);
      }
    }
    return record;
  }
}
