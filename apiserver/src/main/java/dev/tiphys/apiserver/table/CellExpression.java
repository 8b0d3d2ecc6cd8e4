package dev.tiphys.apiserver.table;

import dev.tiphys.object.HumanDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the expression that says what a column shows.
final class CellExpression {

  private CellExpression() {}

  /// The cell that an expression describes.
  ///
  /// @param type the column's type: what a fallback is read as
  static Cell parse(String expression, String type) {
    int bar = expression.indexOf(" | ");
    if (bar < 0) {
      return body(expression);
    }
    Cell cell = body(expression.substring(0, bar));
    Object fallback = fallback(expression.substring(bar + 3), type);
    return (object, now) -> {
      Object value = cell.of(object, now);
      return value == null || value.equals("") ? fallback : value;
    };
  }

  private static Object fallback(String text, String type) {
    if (text.matches("-?[0-9]+")) {
      return Long.valueOf(text);
    }
    return type.equals("boolean") ? Boolean.valueOf(text) : text;
  }

  private static Cell body(String expression) {
    int open = expression.indexOf('(');
    if (open < 0) {
      Cell own = KindCells.named(expression, "");
      return own == null ? path(expression) : own;
    }
    String function = expression.substring(0, open);
    String argument = expression.substring(open + 1, expression.length() - 1);
    String[] path = argument.split("\\.");
    return switch (function) {
      case "age" -> (object, now) -> age(object.get(path), now);
      case "seconds" -> (object, now) -> seconds(object.get(path));
      case "count" -> count(argument.split(","));
      case "join" ->
          (object, now) ->
              String.join(",", object.struct(parent(path)).strings(path[path.length - 1]));
      case "names" -> (object, now) -> each(object.structs(path), "name");
      case "images" -> (object, now) -> each(object.structs(path), "image");
      case "labels" -> (object, now) -> labels(object.struct(path));
      case "selector" -> (object, now) -> selector(object.struct(path));
      case "ratio" -> ratio(argument.split(","));
      case "truth" -> (object, now) -> truth(object.get(path));
      case "condition" -> (object, now) -> KindCells.conditionStatus(object, argument);
      default -> {
        Cell own = KindCells.named(function, argument);
        if (own == null) {
          throw new IllegalArgumentException("no such function of a cell: " + function);
        }
        yield own;
      }
    };
  }

  private static String[] parent(String[] path) {
    return java.util.Arrays.copyOf(path, path.length - 1);
  }

  private static Cell path(String expression) {
    String[] names = expression.split("\\.");
    return (object, now) -> {
      Object found = object;
      for (String name : names) {
        found =
            switch (found) {
              case Struct struct -> struct.get(name);
              case List<?> list -> element(list, name);
              case null, default -> null;
            };
      }
      return shown(found);
    };
  }

  private static @Nullable Object element(List<?> list, String index) {
    int wanted = Integer.parseInt(index);
    return wanted < list.size() ? list.get(wanted) : null;
  }

  private static @Nullable Object shown(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Null _ -> null;
      case String text -> text;
      case Long number -> number;
      case Boolean truth -> truth;
      default -> value.toString();
    };
  }

  /// How long ago a time was.
  static @Nullable String age(@Nullable Object time, Instant now) {
    Instant since = Timestamps.of(time);
    return since == null ? null : HumanDuration.of(Duration.between(since, now));
  }

  private static @Nullable String seconds(@Nullable Object value) {
    return value instanceof Long number ? HumanDuration.of(Duration.ofSeconds(number)) : null;
  }

  private static Cell count(String[] paths) {
    return (object, now) -> {
      long count = 0;
      for (String path : paths) {
        count +=
            switch (object.get(path.split("\\."))) {
              case List<?> list -> list.size();
              case Struct struct -> struct.size();
              case null, default -> 0;
            };
      }
      return count;
    };
  }

  private static String each(List<Struct> structs, String field) {
    return structs.stream().map(struct -> struct.string(field)).collect(Collectors.joining(","));
  }

  static String labels(Struct labels) {
    return labels.isEmpty() ? "<none>" : LabelSelector.ofLabels(labels).toString();
  }

  private static String selector(Struct selector) {
    try {
      String text = LabelSelector.from(selector).toString();
      return text.isEmpty() ? "<none>" : text;
    } catch (IllegalArgumentException e) {
      return "<invalid>";
    }
  }

  private static Cell ratio(String[] paths) {
    return (object, now) ->
        object.integer(paths[0].split("\\.")) + "/" + object.integer(paths[1].split("\\."));
  }

  private static @Nullable String truth(@Nullable Object value) {
    return value instanceof Boolean truth ? (truth ? "True" : "False") : null;
  }
}
