package dev.tiphys.apiserver.table;

import dev.tiphys.object.HumanDuration;
import dev.tiphys.object.JsonPath;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.encoding.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cell of a custom resource: the value that a path leads to, as the column's type wants it. A
/// value of another type is not shown.
///
/// @param path where the value is
/// @param type of the column, in OpenAPI's words, or `date`
record CustomCell(JsonPath path, String type) implements Cell {

  /// @param expression a JSONPath in braces
  static Cell parse(String expression, String type) {
    String inside = expression.substring(1, expression.length() - 1);
    return new CustomCell(JsonPath.parse(inside), type);
  }

  @Override
  public @Nullable Object of(Struct object, Instant now) {
    Object value = path.first(object);
    return switch (type) {
      case "string" -> text(value);
      case "integer" ->
          switch (value) {
            case Long number -> number;
            case Double number -> number.longValue();
            case null, default -> null;
          };
      case "number" -> value instanceof Number number ? number.doubleValue() : null;
      case "boolean" -> value instanceof Boolean truth ? truth : null;
      case "date" -> value instanceof String time ? age(time, now) : null;
      default -> null;
    };
  }

  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Struct struct -> Json.text(struct);
      case List<?> list -> Json.text(list);
      default -> GoPrint.text(value);
    };
  }

  private static String age(String time, Instant now) {
    Instant since = Timestamps.of(time);
    return since == null ? "<invalid>" : HumanDuration.of(Duration.between(since, now));
  }
}
