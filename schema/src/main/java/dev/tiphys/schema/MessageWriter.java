package dev.tiphys.schema;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.ProtoWriter;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes structs as protobuf messages, from the last field to the first.
///
/// As in upstream's encoding, fields that have no "unset" in Go are written even when they are
/// empty, and maps are written in the order of their keys.
final class MessageWriter {

  private final ProtoWriter out;

  private MessageWriter(ProtoWriter out) {
    this.out = out;
  }

  static void write(ProtoWriter out, Struct struct, Type type) {
    new MessageWriter(out).message(struct, type.layout());
  }

  private void message(Struct struct, ProtoLayout layout) {
    List<ProtoLayout.Slot> slots = layout.slots();
    for (int i = slots.size() - 1; i >= 0; i--) {
      switch (slots.get(i)) {
        case ProtoLayout.Slot.Value(int number, Field field) ->
            field(number, struct.get(field.name()), field);
        case ProtoLayout.Slot.Nested(int number, ProtoLayout content) -> {
          int end = out.mark();
          message(struct, content);
          out.message(number, end);
        }
      }
    }
  }

  private void field(int number, @Nullable Object value, Field field) {
    Object known = value == Null.NULL ? null : value;
    switch (field.type()) {
      case FieldType.ListOf(FieldType element) -> {
        if (known instanceof List<?> list) {
          for (int i = list.size() - 1; i >= 0; i--) {
            value(number, list.get(i), element);
          }
        }
      }
      case FieldType.MapOf(FieldType content) -> {
        if (known instanceof Struct map) {
          map(number, map, content);
        }
      }
      case TypeRef ref -> {
        if (known != null || !field.presence().nullable()) {
          value(number, known == null ? Struct.EMPTY : known, ref);
        }
      }
      case Scalar scalar -> {
        if (known != null) {
          value(number, known, scalar);
        } else if (!field.presence().nullable()) {
          empty(number, scalar);
        }
      }
    }
  }

  private void map(int number, Struct map, FieldType content) {
    for (int i = map.size() - 1; i >= 0; i--) {
      int end = out.mark();
      if (content instanceof FieldType.ListOf(FieldType element)) {
        int list = out.mark();
        List<?> values = map.value(i) instanceof List<?> found ? found : List.of();
        for (int j = values.size() - 1; j >= 0; j--) {
          value(1, values.get(j), element);
        }
        out.message(2, list);
      } else {
        value(2, map.value(i), content);
      }
      out.string(1, map.name(i));
      out.message(number, end);
    }
  }

  private void value(int number, Object value, FieldType type) {
    switch (type) {
      case Scalar scalar -> scalar(number, value, scalar);
      case TypeRef ref -> {
        int end = out.mark();
        message(value instanceof Struct struct ? struct : Struct.EMPTY, ref.type().layout());
        out.message(number, end);
      }
      case FieldType.ListOf _, FieldType.MapOf _ ->
          throw new IllegalStateException("protobuf has no lists of lists");
    }
  }

  /// A field that was not set but is written all the same.
  private void empty(int number, Scalar scalar) {
    switch (scalar) {
      case STRING -> out.string(number, "");
      case BOOL, INT32, INT64 -> out.int64(number, 0);
      case DOUBLE -> out.fixed64(number, 0);
      case QUANTITY, INT_OR_STRING, DURATION -> scalar(number, Scalars.empty(scalar), scalar);
      case TIME, MICRO_TIME, ANY, FIELDS, JSON -> out.message(number, out.mark());
      case BYTES, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> {}
    }
  }

  private void scalar(int number, Object value, Scalar scalar) {
    switch (scalar) {
      case STRING -> out.string(number, (String) value);
      case BOOL -> out.bool(number, (Boolean) value);
      case INT32, INT64 -> out.int64(number, (Long) value);
      case DOUBLE -> out.fixed64(number, (Double) value);
      case BYTES -> out.bytes(number, Base64.getDecoder().decode((String) value));
      case QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION, ANY, FIELDS, JSON -> {
        int end = out.mark();
        wrapped(value, scalar);
        out.message(number, end);
      }
      case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> {
        int end = out.mark();
        schemaOr(value, scalar);
        out.message(number, end);
      }
    }
  }

  /// The content of the message that upstream wraps a value in.
  private void wrapped(Object value, Scalar scalar) {
    switch (scalar) {
      case QUANTITY -> out.string(1, (String) value);
      case INT_OR_STRING -> {
        boolean number = value instanceof Long;
        out.string(3, number ? "" : (String) value);
        out.int64(2, number ? (Long) value : 0);
        out.int64(1, number ? 0 : 1);
      }
      case TIME, MICRO_TIME -> {
        Instant time = Timestamps.of(value);
        if (time != null) {
          out.int64(2, scalar == Scalar.TIME ? 0 : time.getNano() / 1_000 * 1_000);
          out.int64(1, time.getEpochSecond());
        }
      }
      case DURATION -> out.int64(1, GoDuration.nanos((String) value));
      default -> out.bytes(1, Json.bytes(value));
    }
  }

  private void schemaOr(Object value, Scalar scalar) {
    switch (value) {
      case Boolean truth -> out.bool(1, truth);
      case List<?> list when scalar == Scalar.SCHEMA_OR_STRINGS -> {
        for (int i = list.size() - 1; i >= 0; i--) {
          out.string(2, String.valueOf(list.get(i)));
        }
      }
      case List<?> list -> {
        for (int i = list.size() - 1; i >= 0; i--) {
          schema(2, list.get(i));
        }
      }
      default -> {
        schema(scalar == Scalar.SCHEMA_OR_BOOL ? 2 : 1, value);
        if (scalar == Scalar.SCHEMA_OR_BOOL) {
          out.bool(1, true);
        }
      }
    }
  }

  private void schema(int number, Object value) {
    int end = out.mark();
    message(
        value instanceof Struct struct ? struct : Struct.EMPTY,
        TypeTable.BUILT_IN.jsonSchema().layout());
    out.message(number, end);
  }
}
