package dev.tiphys.delivery.condition;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What values are, and what is in them.
final class Values {

  private Values() {}

  /// The type of a value, as messages name it.
  static String type(Object value) {
    return switch (value) {
      case Boolean _ -> "bool";
      case Long _ -> "int";
      case Double _ -> "float64";
      case String _ -> "string";
      case List<?> _ -> "[]interface {}";
      case Struct _ -> "map[string]interface {}";
      case Instant _ -> "time.Time";
      case Duration _ -> "time.Duration";
      default -> "nil";
    };
  }

  static boolean bool(Object value, String what) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw new ConditionException(
        "invalid operation: operator " + what + " not defined on " + type(value));
  }

  static double number(Object value, String function) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw argument(value, function);
  }

  static List<?> list(Object value, String function) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw argument(value, function);
  }

  static String text(Object value, String function) {
    if (value instanceof String text) {
      return text;
    }
    throw argument(value, function);
  }

  static ConditionException argument(Object value, String function) {
    return new ConditionException(
        "invalid argument for " + function + " (type " + type(value) + ")");
  }

  /// Whether two values are the same. Numbers are, whatever their types.
  static boolean areEqual(Scope scope, Object one, Object other) {
    scope.spend(1);
    if (one instanceof Long left && other instanceof Long right) {
      return left.equals(right);
    }
    if (one instanceof Number left && other instanceof Number right) {
      return left.doubleValue() == right.doubleValue();
    }
    if (one instanceof List<?> left && other instanceof List<?> right) {
      if (left.size() != right.size()) {
        return false;
      }
      for (int i = 0; i < left.size(); i++) {
        if (!areEqual(scope, left.get(i), right.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (one instanceof Struct left && other instanceof Struct right) {
      return left.size() == right.size()
          && left.names().stream()
              .allMatch(
                  name ->
                      right.has(name)
                          && areEqual(scope, orNil(left.get(name)), orNil(right.get(name))));
    }
    return one.equals(other);
  }

  private static Object orNil(@Nullable Object value) {
    return value == null ? Null.NULL : value;
  }

  /// A field of a struct, or an element of a list or text, counted from its end if the index is
  /// negative.
  static Object at(Object holder, Object index) {
    if (holder instanceof Struct struct) {
      return orNil(struct.get(text(index, "[]")));
    }
    if (holder instanceof List<?> list) {
      return list.get(place(index, list.size()));
    }
    if (holder instanceof String text) {
      int place = place(index, text.length());
      return text.substring(place, place + 1);
    }
    throw new ConditionException("cannot fetch " + shown(index) + " from " + type(holder));
  }

  private static String shown(Object index) {
    return index instanceof String text ? text : String.valueOf(index);
  }

  private static int place(Object index, int size) {
    long wanted = whole(index);
    long place = wanted < 0 ? size + wanted : wanted;
    if (place < 0 || place >= size) {
      throw new ConditionException(
          "index out of range: " + wanted + " (array length is " + size + ")");
    }
    return (int) place;
  }

  private static long whole(Object index) {
    if (index instanceof Long number) {
      return number;
    }
    if (index instanceof Double number && number == Math.rint(number)) {
      return number.longValue();
    }
    throw new ConditionException("cannot use " + type(index) + " as an index");
  }

  /// A part of a list or text. Bounds may be negative, and beyond its end.
  static Object slice(Object holder, Object from, Object to) {
    int size =
        switch (holder) {
          case List<?> list -> list.size();
          case String text -> text.length();
          default -> throw new ConditionException("cannot slice " + type(holder));
        };
    int start = bound(from, 0, size);
    int end = Math.max(start, bound(to, size, size));
    return holder instanceof String text
        ? text.substring(start, end)
        : new ArrayList<>(((List<?>) holder).subList(start, end));
  }

  private static int bound(Object given, int otherwise, int size) {
    if (given == Null.NULL) {
      return otherwise;
    }
    long bound = whole(given);
    return Math.clamp(bound < 0 ? size + bound : bound, 0, size);
  }
}
