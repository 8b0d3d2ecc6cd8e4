package dev.tiphys.cel.eval;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A map whose values are values of expressions already.
///
/// @param otherwise the value of keys that it does not have; null if these have none
public record GivenMap(Map<String, Object> values, @Nullable Object otherwise) implements MapValue {

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public @Nullable Object find(Object key) {
    Object value = key instanceof String name ? values.get(name) : null;
    return value == null ? otherwise : value;
  }

  @Override
  public boolean contains(Object key) {
    return key instanceof String name && values.containsKey(name);
  }

  @Override
  public Set<String> keys() {
    return values.keySet();
  }
}
