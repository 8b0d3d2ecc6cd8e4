package dev.tiphys.schema;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.merge.FieldsV1;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The canonical form of values without fields.
final class Scalars {

  private Scalars() {}

  /// The canonical form of `value`, or null if it is not of this type.
  ///
  /// @throws IllegalArgumentException if it is of the type but malformed; the message says how
  static @Nullable Object canonical(Object value, Scalar scalar) {
    return switch (scalar) {
      case STRING -> value instanceof String ? value : null;
      case BOOL -> value instanceof Boolean ? value : null;
      case INT32 -> value instanceof Long number && number == number.intValue() ? value : null;
      case INT64 -> value instanceof Long ? value : null;
      case DOUBLE -> value instanceof Long number ? number.doubleValue() : asDouble(value);
      case BYTES -> value instanceof String text ? base64(text) : null;
      case QUANTITY -> quantity(value);
      case INT_OR_STRING -> intOrString(value);
      case TIME -> value instanceof String text ? time(text) : null;
      case MICRO_TIME -> value instanceof String text ? microTime(text) : null;
      case DURATION -> value instanceof String text ? duration(text) : null;
      case FIELDS -> value instanceof Struct fields ? FieldsV1.shared(fields) : null;
      case ANY, JSON, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> value;
    };
  }

  static Object empty(Scalar scalar) {
    return switch (scalar) {
      case STRING, BYTES -> "";
      case BOOL -> false;
      case INT32, INT64, INT_OR_STRING -> 0L;
      case DOUBLE -> 0.0;
      case QUANTITY -> "0";
      case DURATION -> "0s";
      case TIME,
          MICRO_TIME,
          FIELDS,
          ANY,
          JSON,
          SCHEMA_OR_BOOL,
          SCHEMA_OR_ARRAY,
          SCHEMA_OR_STRINGS ->
          Null.NULL;
    };
  }

  /// Amounts of resources are kept in thousandths at the finest.
  static Object roundedUpToMilli(Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    Quantity quantity = Quantity.parse(text);
    Quantity rounded = quantity.roundedUpToMilli();
    return rounded == quantity ? value : rounded.toString();
  }

  static String goName(Scalar scalar) {
    return switch (scalar) {
      case STRING -> "string";
      case BOOL -> "bool";
      case INT32 -> "int32";
      case INT64 -> "int64";
      case DOUBLE -> "float64";
      case BYTES -> "[]uint8";
      case QUANTITY -> "resource.Quantity";
      case INT_OR_STRING -> "intstr.IntOrString";
      case TIME -> "v1.Time";
      case MICRO_TIME -> "v1.MicroTime";
      case DURATION -> "v1.Duration";
      case FIELDS -> "v1.FieldsV1";
      case ANY -> "runtime.RawExtension";
      case JSON, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> "v1.JSON";
    };
  }

  /// The type that Go's decoder misses where a value is not of this one: some types are read as
  /// another one first.
  static String decodedAs(Scalar scalar) {
    return switch (scalar) {
      case INT_OR_STRING -> "int32";
      case TIME, MICRO_TIME, DURATION -> "string";
      default -> goName(scalar);
    };
  }

  /// What Go's decoder calls a value that does not fit. A number is shown where another one would.
  static String jsonKind(Object value, Scalar expected) {
    boolean shown =
        switch (expected) {
          case INT32, INT64, INT_OR_STRING -> true;
          default -> false;
        };
    return Json.kind(value) + (shown && value instanceof Number ? " " + Json.text(value) : "");
  }

  /// What Go's reflection calls the kind of a value.
  static String goKind(Object value) {
    return switch (value) {
      case Struct _ -> "map";
      case List<?> _ -> "slice";
      default -> GoPrint.type(value);
    };
  }

  /// What upstream says where it converts a value instead of decoding it.
  static String conversionProblem(Object value, Scalar scalar) {
    String wanted = decodedAs(scalar);
    if (!wanted.equals(goName(scalar))) {
      return "json: cannot unmarshal "
          + jsonKind(value, scalar)
          + " into Go value of type "
          + wanted;
    }
    boolean alike =
        switch (scalar) {
          case STRING -> value instanceof Long;
          case INT32, INT64, DOUBLE -> value instanceof Long || value instanceof Double;
          default -> false;
        };
    return alike
        ? "cannot convert " + GoPrint.type(value) + " to " + wanted
        : "unrecognized type: " + wanted;
  }

  private static @Nullable Object asDouble(Object value) {
    return value instanceof Double ? value : null;
  }

  private static Object quantity(Object value) {
    boolean readable = value instanceof String || value instanceof Long || value instanceof Double;
    String canonical = Quantity.from(readable ? value : Json.text(value)).toString();
    return canonical.equals(value) ? value : canonical;
  }

  private static @Nullable Object intOrString(Object value) {
    return value instanceof String || canonical(value, Scalar.INT32) != null ? value : null;
  }

  private static Object base64(String text) {
    int wrong = Base64Text.firstWrong(text);
    if (wrong >= 0) {
      throw new IllegalArgumentException("illegal base64 data at input byte " + wrong);
    }
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : text.replaceAll("[\r\n]", "");
  }

  private static Object time(String text) {
    String canonical = Timestamps.seconds(Timestamps.parse(text));
    return canonical.equals(text) ? text : canonical;
  }

  private static Object microTime(String text) {
    String canonical = Timestamps.micros(Timestamps.parseMicros(text));
    return canonical.equals(text) ? text : canonical;
  }

  private static Object duration(String text) {
    String canonical = GoDuration.text(GoDuration.nanos(text));
    return canonical.equals(text) ? text : canonical;
  }
}
