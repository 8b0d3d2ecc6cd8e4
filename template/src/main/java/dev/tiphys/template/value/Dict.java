package dev.tiphys.template.value;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A map with texts as keys, in their order. Functions as `set` change it.
public final class Dict {

  private final Type type;
  private final TreeMap<String, @Nullable Object> entries = new TreeMap<>();

  public Dict() {
    this(Type.ANY);
  }

  public Dict(Type element) {
    this.type =
        element == Type.ANY
            ? Type.MAP
            : element == Type.STRING ? Type.STRING_MAP : Type.map(element);
  }

  public Type type() {
    return type;
  }

  public Type element() {
    return type.element() == null ? Type.ANY : type.element();
  }

  public Map<String, @Nullable Object> entries() {
    return entries;
  }

  public @Nullable Object get(String key) {
    return entries.get(key);
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  public Dict put(String key, @Nullable Object value) {
    entries.put(key, value);
    return this;
  }

  public int size() {
    return entries.size();
  }
}
