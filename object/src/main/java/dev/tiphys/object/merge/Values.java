package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import java.util.StringJoiner;

/// An order of all values: numbers, texts, truths, lists, structs, null. A whole number equals the
/// fraction of the same amount.
final class Values {

  private Values() {}

  static int compare(Object left, Object right) {
    int sorts = Integer.compare(sort(left), sort(right));
    if (sorts != 0) {
      return sorts;
    }
    return switch (left) {
      case Long number when right instanceof Long other -> Long.compare(number, other);
      case Number number -> Double.compare(number.doubleValue(), ((Number) right).doubleValue());
      case String text -> text.compareTo((String) right);
      case Boolean truth -> Boolean.compare(truth, (Boolean) right);
      case List<?> list -> compareLists(list, (List<?>) right);
      case Struct struct -> compareStructs(struct, (Struct) right);
      default -> 0;
    };
  }

  private static int sort(Object value) {
    return switch (value) {
      case Number _ -> 0;
      case String _ -> 1;
      case Boolean _ -> 2;
      case List<?> _ -> 3;
      case Struct _ -> 4;
      default -> 5;
    };
  }

  private static int compareLists(List<?> left, List<?> right) {
    for (int i = 0; i < left.size() && i < right.size(); i++) {
      int elements = compare(left.get(i), right.get(i));
      if (elements != 0) {
        return elements;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static int compareStructs(Struct left, Struct right) {
    for (int i = 0; i < left.size() && i < right.size(); i++) {
      int names = left.name(i).compareTo(right.name(i));
      int fields = names != 0 ? names : compare(left.value(i), right.value(i));
      if (fields != 0) {
        return fields;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  static boolean same(Object left, Object right) {
    return left == right || left.equals(right) || compare(left, right) == 0;
  }

  /// A value as paths in messages show it.
  static String text(Object value) {
    return switch (value) {
      case List<?> list -> {
        StringJoiner elements = new StringJoiner(",", "[", "]");
        list.forEach(element -> elements.add(text(element)));
        yield elements.toString();
      }
      case Struct struct -> {
        StringJoiner fields = new StringJoiner(";", "{", "}");
        struct.forEach((name, field) -> fields.add(name + "=" + text(field)));
        yield fields.toString();
      }
      default -> Json.text(value);
    };
  }
}
