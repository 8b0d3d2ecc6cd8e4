package dev.tiphys.cel.eval;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Type;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;

/// Values of the object tree as expressions see them, by their declared types.
public final class Adapter {

  private Adapter() {}

  /// @throws EvaluationException if it is not of the type
  public static Object value(Object tree, Type type) {
    return switch (tree) {
      case Struct struct -> new TreeMapValue(struct, type);
      case TreeList list -> list;
      case List<?> list -> new TreeList(list, type);
      case String text -> text(text, type);
      case Long number when type.kind() == Type.Kind.DOUBLE -> number.doubleValue();
      case Double number when type.kind() == Type.Kind.INT && number == Math.rint(number) ->
          number.longValue();
      default -> tree;
    };
  }

  private static Object text(String text, Type type) {
    return switch (type.kind()) {
      case BYTES -> {
        try {
          yield new Bytes(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
          throw new EvaluationException("byte format for invalid base64 data: " + text);
        }
      }
      case DURATION -> {
        try {
          yield GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
          throw new EvaluationException("Invalid duration " + text + ": " + e.getMessage());
        }
      }
      case TIMESTAMP -> time(text);
      default -> text;
    };
  }

  private static OffsetDateTime time(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC)
          : Conversions.time(text);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new EvaluationException(
          "Invalid date formatted string " + text + ": " + e.getMessage());
    }
  }
}
