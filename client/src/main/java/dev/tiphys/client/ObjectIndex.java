package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The objects of an informer, by values that they have: pods by node, say.
///
/// Threads: read by any, changed by the informer's task.
public final class ObjectIndex {

  private final Function<Struct, Collection<String>> valuesOf;
  private final Map<String, Map<ObjectKey, Struct>> byValue = new ConcurrentHashMap<>();

  ObjectIndex(Function<Struct, Collection<String>> valuesOf) {
    this.valuesOf = valuesOf;
  }

  /// The objects that have this value, in no order.
  public List<Struct> with(String value) {
    Map<ObjectKey, Struct> found = byValue.get(value);
    return found == null ? List.of() : List.copyOf(found.values());
  }

  void change(@Nullable Struct before, @Nullable Struct now) {
    Collection<String> newValues = now == null ? List.of() : valuesOf.apply(now);
    if (before != null) {
      ObjectKey key = ObjectKey.of(before);
      for (String value : valuesOf.apply(before)) {
        if (!newValues.contains(value)) {
          byValue.computeIfPresent(
              value,
              (_, objects) -> {
                objects.remove(key);
                return objects.isEmpty() ? null : objects;
              });
        }
      }
    }
    if (now != null) {
      ObjectKey key = ObjectKey.of(now);
      for (String value : newValues) {
        byValue.compute(
            value,
            (_, objects) -> {
              Map<ObjectKey, Struct> changed =
                  objects == null ? new ConcurrentHashMap<>(4) : objects;
              changed.put(key, now);
              return changed;
            });
      }
    }
  }
}
