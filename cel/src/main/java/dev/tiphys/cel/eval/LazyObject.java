package dev.tiphys.cel.eval;

import dev.tiphys.cel.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An object whose fields get their values when they are first asked for.
///
/// Threads: one.
public final class LazyObject implements MapValue {

  private final Type type;
  private final List<String> fields;
  private final Function<String, Object> make;
  private final Map<String, Object> made = new HashMap<>();

  /// @param type which has the fields
  /// @param make the value of a field, as expressions have it
  public LazyObject(Type type, List<String> fields, Function<String, Object> make) {
    this.type = type;
    this.fields = new ArrayList<>(fields);
    this.make = make;
  }

  Type type() {
    return type;
  }

  @Override
  public int size() {
    return fields.size();
  }

  @Override
  public @Nullable Object find(Object key) {
    if (!(key instanceof String field) || !fields.contains(field)) {
      return null;
    }
    Object known = made.get(field);
    if (known == null) {
      known = make.apply(field);
      made.put(field, known);
    }
    return known;
  }

  @Override
  public List<String> keys() {
    return fields;
  }

  @Override
  public boolean isObject() {
    return true;
  }
}
