package dev.tiphys.schema;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.ProtoReader;
import dev.tiphys.object.merge.FieldsV1;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads protobuf messages into structs. Fields the type does not have are passed over.
final class MessageReader {

  private final StructBuilder fields = new StructBuilder();
  private final Map<String, List<Object>> lists = new LinkedHashMap<>(4);
  private final Map<String, StructBuilder> maps = new LinkedHashMap<>(4);

  private MessageReader() {}

  static Struct read(ProtoReader in, Type type) {
    return new MessageReader().all(in, type.layout());
  }

  private Struct all(ProtoReader in, ProtoLayout layout) {
    collect(in, layout);
    lists.forEach((name, elements) -> fields.put(name, List.of(elements.toArray())));
    maps.forEach((name, entries) -> fields.put(name, entries.build()));
    return fields.build();
  }

  private void collect(ProtoReader in, ProtoLayout layout) {
    for (int number = in.next(); number != 0; number = in.next()) {
      switch (slot(layout.slots(), number)) {
        case null -> in.skip();
        case ProtoLayout.Slot.Nested(int _, ProtoLayout content) -> collect(in.message(), content);
        case ProtoLayout.Slot.Value(int _, Field field) -> field(in, field);
      }
    }
  }

  private static ProtoLayout.@Nullable Slot slot(List<ProtoLayout.Slot> slots, int number) {
    // numbers are mostly dense from 1, so the slot is mostly at or just below its number
    for (int i = Math.min(number, slots.size()) - 1; i >= 0; i--) {
      int found = slots.get(i).number();
      if (found == number) {
        return slots.get(i);
      }
      if (found < number) {
        return null;
      }
    }
    return null;
  }

  private void field(ProtoReader in, Field field) {
    switch (field.type()) {
      case FieldType.ListOf(FieldType element) ->
          lists.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(value(in, element));
      case FieldType.MapOf(FieldType content) ->
          entry(
              in.message(), content, maps.computeIfAbsent(field.name(), _ -> new StructBuilder()));
      case TypeRef _, Scalar _ -> fields.put(field.name(), value(in, field.type()));
    }
  }

  private static void entry(ProtoReader in, FieldType content, StructBuilder map) {
    String key = "";
    Object value = Null.NULL;
    for (int number = in.next(); number != 0; number = in.next()) {
      switch (number) {
        case 1 -> key = in.string();
        case 2 ->
            value =
                content instanceof FieldType.ListOf(FieldType element)
                    ? wrappedList(in.message(), element)
                    : value(in, content);
        default -> in.skip();
      }
    }
    map.put(key, value);
  }

  private static List<Object> wrappedList(ProtoReader in, FieldType element) {
    List<Object> elements = new ArrayList<>();
    for (int number = in.next(); number != 0; number = in.next()) {
      elements.add(value(in, element));
    }
    return List.of(elements.toArray());
  }

  private static Object value(ProtoReader in, FieldType type) {
    return switch (type) {
      case TypeRef ref -> read(in.message(), ref.type());
      case Scalar scalar -> scalar(in, scalar);
      case FieldType.ListOf _, FieldType.MapOf _ ->
          throw new IllegalStateException("protobuf has no lists of lists");
    };
  }

  private static Object scalar(ProtoReader in, Scalar scalar) {
    return switch (scalar) {
      case STRING -> in.string();
      case BOOL -> in.int64() != 0;
      case INT32, INT64 -> in.int64();
      case DOUBLE -> in.fixed64();
      case BYTES -> Base64.getEncoder().encodeToString(in.bytes());
      case QUANTITY -> text(in.message());
      case INT_OR_STRING -> intOrString(in.message());
      case TIME, MICRO_TIME -> time(in.message(), scalar);
      case DURATION -> GoDuration.text(number(in.message()));
      case ANY, JSON -> tree(in.message());
      case FIELDS -> fields(tree(in.message()));
      case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> schemaOr(in.message(), scalar);
    };
  }

  /// Sets of fields are the same in many objects: they share one.
  private static Object fields(Object tree) {
    return tree instanceof Struct fields ? FieldsV1.shared(fields) : tree;
  }

  private static String text(ProtoReader in) {
    String text = "";
    while (in.next() != 0) {
      text = in.string();
    }
    return text.isEmpty() ? "0" : text;
  }

  private static long number(ProtoReader in) {
    long number = 0;
    while (in.next() != 0) {
      number = in.int64();
    }
    return number;
  }

  private static Object intOrString(ProtoReader in) {
    boolean string = false;
    long number = 0;
    String text = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> string = in.int64() == 1;
        case 2 -> number = in.int64();
        case 3 -> text = in.string();
        default -> in.skip();
      }
    }
    return string ? text : (Object) number;
  }

  private static Object time(ProtoReader in, Scalar scalar) {
    long seconds = 0;
    long nanos = 0;
    boolean set = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      set = true;
      switch (field) {
        case 1 -> seconds = in.int64();
        case 2 -> nanos = in.int64();
        default -> in.skip();
      }
    }
    if (!set) {
      return Null.NULL;
    }
    Instant time = Instant.ofEpochSecond(seconds, nanos);
    return scalar == Scalar.TIME ? Timestamps.seconds(time) : Timestamps.micros(time);
  }

  private static Object tree(ProtoReader in) {
    Object tree = Null.NULL;
    while (in.next() != 0) {
      byte[] raw = in.bytes();
      if (raw.length > 0) {
        tree = ProtobufCodec.isEnvelope(raw) ? embedded(raw) : Json.parse(raw);
      }
    }
    return tree;
  }

  /// An object within an object, which a client sent as protobuf too.
  private static Object embedded(byte[] raw) {
    ProtobufCodec.Envelope envelope = ProtobufCodec.open(raw);
    throw new EncodingException(
        "a " + envelope.kind() + " inside another object must be sent as JSON");
  }

  private static Object schemaOr(ProtoReader in, Scalar scalar) {
    boolean allows = false;
    Object schema = null;
    List<Object> several = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      boolean single = field == (scalar == Scalar.SCHEMA_OR_BOOL ? 2 : 1);
      if (field == 1 && scalar == Scalar.SCHEMA_OR_BOOL) {
        allows = in.int64() != 0;
      } else if (single) {
        schema = read(in.message(), TypeTable.BUILT_IN.jsonSchema());
      } else if (scalar == Scalar.SCHEMA_OR_STRINGS) {
        several.add(in.string());
      } else {
        several.add(read(in.message(), TypeTable.BUILT_IN.jsonSchema()));
      }
    }
    if (schema != null) {
      return schema;
    }
    return scalar == Scalar.SCHEMA_OR_BOOL ? (Object) allows : List.of(several.toArray());
  }
}
