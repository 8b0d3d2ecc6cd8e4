package dev.tiphys.cel.eval;

import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A map or an object that an expression makes. Numbers that are equal are one key, whatever their
/// type.
public final class HashMapValue implements MapValue {

  private final Map<Object, Object> values = new LinkedHashMap<>();
  private final List<Object> keys = new ArrayList<>();

  private final @Nullable Type type;

  public HashMapValue() {
    this((Type) null);
  }

  /// @param type of an object with declared fields; null for a map
  HashMapValue(@Nullable Type type) {
    this.type = type;
  }

  HashMapValue(MapValue base) {
    this((Type) null);
    for (Object key : base.keys()) {
      Object value = base.find(key);
      if (value != null) {
        put(key, value);
      }
    }
  }

  /// Whether the key was new.
  public boolean put(Object key, Object value) {
    boolean fresh = values.put(normal(key), value) == null;
    if (fresh) {
      keys.add(key);
    }
    return fresh;
  }

  private static Object normal(Object key) {
    return switch (key) {
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 ->
          number.longValue();
      case Unsigned(long bits) when bits >= 0 -> bits;
      default -> key;
    };
  }

  @Override
  public boolean isObject() {
    return type != null;
  }

  /// The type of an object with declared fields; null for a map.
  @Nullable Type type() {
    return type;
  }

  @Override
  public int size() {
    return keys.size();
  }

  @Override
  public @Nullable Object find(Object key) {
    return values.get(normal(key));
  }

  @Override
  public List<Object> keys() {
    return keys;
  }
}
