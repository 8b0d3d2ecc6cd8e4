package dev.tiphys.store.replica;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The whole store at one revision. /// @param tree the states
public record TreeSnapshot(long revision, Tree tree) implements Snapshot {

  @Override
  public @Nullable KeyValue get(String key) {
    return tree.get(key);
  }

  @Override
  public List<KeyValue> list(String prefix, String after, int limit) {
    return tree.list(prefix, after, limit);
  }

  @Override
  public long count(String prefix, String after) {
    return tree.count(prefix, after);
  }
}
