package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists, maps and objects that stand in an expression.
final class Aggregates {

  private Aggregates() {}

  /// The value to be taken up; null if it is an optional one that is not there.
  private static @Nullable Object present(Object value, boolean optional) {
    if (!optional) {
      return value;
    }
    if (value instanceof Maybe maybe) {
      return maybe.value();
    }
    throw EvaluationException.noOverload();
  }

  static final class OfList implements Step {
    private final Step[] elements;
    private final boolean[] optional;

    OfList(Step[] elements, boolean[] optional) {
      this.elements = elements;
      this.optional = optional;
    }

    @Override
    public Object value(Frame frame) {
      List<Object> list = new ArrayList<>(elements.length);
      for (int i = 0; i < elements.length; i++) {
        Object value = present(elements[i].value(frame), optional[i]);
        if (value != null) {
          list.add(value);
        }
      }
      frame.charge(Price.LIST);
      return list;
    }
  }

  static final class OfMap implements Step {
    private final Step[] keys;
    private final Step[] values;
    private final boolean[] optional;
    private final @Nullable Type object;

    /// @param object the type of an object with declared fields; null for a map
    OfMap(Step[] keys, Step[] values, boolean[] optional, @Nullable Type object) {
      this.keys = keys;
      this.values = values;
      this.optional = optional;
      this.object = object;
    }

    @Override
    public Object value(Frame frame) {
      HashMapValue map = new HashMapValue(object);
      for (int i = 0; i < keys.length; i++) {
        Object key = keys[i].value(frame);
        Object value = present(values[i].value(frame), optional[i]);
        if (value != null && !map.put(key, value)) {
          throw new EvaluationException("Failed with repeated key");
        }
      }
      frame.charge(object == null ? Price.MAP : Price.OBJECT);
      return map;
    }
  }
}
