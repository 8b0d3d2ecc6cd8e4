package dev.tiphys.schema;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// Trees that fit a type and are otherwise drawn by chance.
final class RandomTrees {

  private static final int DEEPEST = 6;

  private final Random random;

  RandomTrees(Random random) {
    this.random = random;
  }

  Struct struct(Type type, int depth) {
    StructBuilder builder = new StructBuilder();
    for (Field field : type.fields()) {
      if (!field.proto().isEmpty() && random.nextInt(3) > 0 && depth < DEEPEST) {
        builder.put(field.name(), value(field.type(), depth));
      }
    }
    return builder.build();
  }

  private Object value(FieldType type, int depth) {
    return switch (type) {
      case TypeRef ref -> struct(ref.type(), depth + 1);
      case Scalar scalar -> scalar(scalar, depth);
      case FieldType.ListOf(FieldType element) -> {
        List<Object> list = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) { // protobuf does not know an empty list
          list.add(value(element, depth + 1));
        }
        yield List.copyOf(list);
      }
      case FieldType.MapOf(FieldType content) -> {
        StructBuilder map = new StructBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
          map.put("key-" + random.nextInt(100), value(content, depth + 1));
        }
        yield map.build();
      }
    };
  }

  private Object scalar(Scalar scalar, int depth) {
    return switch (scalar) {
      case STRING -> random.nextInt(4) == 0 ? "" : "text-é-" + random.nextInt(1000);
      case BOOL -> random.nextBoolean();
      case INT32 -> (long) random.nextInt();
      case INT64 -> random.nextLong();
      case DOUBLE -> random.nextInt(1000) / 8.0 + 0.125;
      case BYTES -> Base64.getEncoder().encodeToString(new byte[random.nextInt(5)]);
      case QUANTITY -> random.nextInt(5000) + "m";
      case INT_OR_STRING -> random.nextBoolean() ? (Object) (long) random.nextInt(100) : "25%";
      case TIME -> Timestamps.seconds(Instant.ofEpochSecond(1 + random.nextInt()));
      case MICRO_TIME ->
          Timestamps.micros(
              Instant.ofEpochSecond(1 + random.nextInt(), random.nextInt(1000) * 1000L));
      case DURATION -> random.nextInt(1, 50) + "s";
      case ANY, FIELDS, JSON -> Struct.of("f:a", Struct.EMPTY, "n", (long) random.nextInt());
      case SCHEMA_OR_BOOL -> random.nextBoolean() ? (Object) random.nextBoolean() : schema(depth);
      case SCHEMA_OR_ARRAY -> random.nextBoolean() ? List.of(schema(depth)) : schema(depth);
      case SCHEMA_OR_STRINGS -> random.nextBoolean() ? List.of("a", "b") : schema(depth);
    };
  }

  private Struct schema(int depth) {
    Type schema =
        TypeTable.BUILT_IN.type(
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
    return Normalizer.normalize(struct(schema, depth + 2), schema);
  }
}
