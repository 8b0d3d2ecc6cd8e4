package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fields, keys and elements of values.
final class Access {

  private Access() {}

  static Object field(Object value, String field) {
    return switch (value) {
      case Maybe maybe -> optional(maybe, field);
      case MapValue map -> {
        Object found = map.find(field);
        if (found == null) {
          throw new EvaluationException("no such key: " + field);
        }
        yield found;
      }
      default -> throw EvaluationException.noOverload();
    };
  }

  static Object has(Object value, String field) {
    return switch (value) {
      case Maybe(Object inner) -> inner != null && (Boolean) has(inner, field);
      case MapValue map -> map.find(field) != null;
      default -> throw EvaluationException.noOverload();
    };
  }

  static Object index(Object value, Object key) {
    if (value instanceof Maybe maybe) {
      return optional(maybe, key);
    }
    Object found = find(value, key);
    if (found == null) {
      throw new EvaluationException(
          (value instanceof List<?> ? "index out of bounds: " : "no such key: ")
              + Conversions.shown(key));
    }
    return found;
  }

  /// An element or the value of a key, if there is one.
  static Maybe optional(Object value, Object key) {
    Object inner = value instanceof Maybe maybe ? maybe.value() : value;
    Object found = inner == null ? null : find(inner, key);
    return found == null ? Maybe.NONE : new Maybe(found);
  }

  private static @Nullable Object find(Object value, Object key) {
    return switch (value) {
      case List<?> list -> {
        long index = position(key);
        yield index < 0 || index >= list.size() ? null : list.get((int) index);
      }
      case MapValue map -> map.find(key);
      default -> throw EvaluationException.noOverload();
    };
  }

  private static long position(Object key) {
    return switch (key) {
      case Long index -> index;
      case Unsigned(long bits) -> bits;
      case Double index when index == Math.rint(index) -> index.longValue();
      default -> {
        Type type = Values.typeOf(key);
        throw new EvaluationException("unsupported index type '" + type.name() + "' in list");
      }
    };
  }
}
