package dev.tiphys.apiserver.openapi;

import dev.tiphys.descriptions.Descriptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.Field;
import dev.tiphys.schema.FieldType;
import dev.tiphys.schema.Presence;
import dev.tiphys.schema.Scalar;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeRef;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The schemas of types and of all that they refer to, as OpenAPI v3 has them.
///
/// Threads: one.
final class Schemas {

  static final String PREFIX = "#/components/schemas/";

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String OBJECT_META = META + "ObjectMeta";

  private static final String EXTENSIONS =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

  /// The names under which scalars that are types of their own are referred to.
  private static final Map<Scalar, String> NAMED =
      Map.of(
          Scalar.QUANTITY, "io.k8s.apimachinery.pkg.api.resource.Quantity",
          Scalar.INT_OR_STRING, "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
          Scalar.TIME, META + "Time",
          Scalar.MICRO_TIME, META + "MicroTime",
          Scalar.ANY, "io.k8s.apimachinery.pkg.runtime.RawExtension",
          Scalar.FIELDS, META + "FieldsV1",
          Scalar.JSON, EXTENSIONS + "JSON",
          Scalar.SCHEMA_OR_BOOL, EXTENSIONS + "JSONSchemaPropsOrBool",
          Scalar.SCHEMA_OR_ARRAY, EXTENSIONS + "JSONSchemaPropsOrArray",
          Scalar.SCHEMA_OR_STRINGS, EXTENSIONS + "JSONSchemaPropsOrStringArray");

  private final Descriptions descriptions;
  private final Function<Schema, List<Object>> kindsOf;
  private final Map<String, Struct> schemas = new TreeMap<>();
  private final Map<String, Struct> old = new TreeMap<>(); // in the form of OpenAPI v2
  private final CustomSchema custom;
  private final Deque<Type> next = new ArrayDeque<>();

  /// @param kindsOf what stands as `x-kubernetes-group-version-kind` of a schema; empty for most
  /// @param forOld whether they are made for OpenAPI v2
  Schemas(Descriptions descriptions, Function<Schema, List<Object>> kindsOf, boolean forOld) {
    this.descriptions = descriptions;
    this.kindsOf = kindsOf;
    this.custom = new CustomSchema(descriptions, forOld);
  }

  private void put(String name, Struct schema) {
    (custom.old() ? old : schemas).put(name, schema);
  }

  /// Adds the schema of lists of a custom kind. Returns a reference to it.
  Struct addList(StructuralSchema of, String kind, String plural, List<Object> kinds) {
    addType(TypeTable.BUILT_IN.type(META + "ListMeta"));
    String name = of.name() + "List";
    put(name, custom.listOf(of.name(), kind, plural, kinds));
    return reference(name);
  }

  /// The schemas that have the form of OpenAPI v2 already, by name.
  Struct old() {
    StructBuilder all = new StructBuilder(old.size());
    old.forEach(all::put);
    return all.build();
  }

  /// Adds the schema of a kind, and what it refers to. Returns a reference to it.
  Struct add(Schema schema) {
    switch (schema) {
      case Type type -> addType(type);
      case StructuralSchema structural -> {
        addType(TypeTable.BUILT_IN.type(OBJECT_META));
        put(structural.name(), custom.of(structural, kindsOf.apply(structural)));
      }
    }
    return reference(schema.name());
  }

  private void addType(Type type) {
    next.add(type);
    while (!next.isEmpty()) {
      Type one = next.poll();
      if (!schemas.containsKey(one.name())) {
        schemas.put(one.name(), Struct.EMPTY); // so it is not begun twice
        schemas.put(one.name(), schema(one));
      }
    }
  }

  /// Adds a schema that is no type of the table. Returns a reference to it.
  Struct add(String name, Struct schema) {
    schemas.put(name, schema);
    return reference(name);
  }

  /// All schemas that were added, by name.
  Struct all() {
    StructBuilder all = new StructBuilder(schemas.size());
    schemas.forEach(all::put);
    return all.build();
  }

  private static Struct reference(String name) {
    return Struct.of("$ref", PREFIX + name);
  }

  private Struct schema(Type type) {
    StructBuilder properties = new StructBuilder();
    List<Object> required = new ArrayList<>();
    for (Field field : type.fields()) {
      properties.add(field.name(), property(type, field));
      if (field.required()) {
        required.add(field.name());
      }
    }
    return new StructBuilder()
        .addUnlessEmpty("description", descriptions.ofType(type.name()))
        .add("type", "object")
        .addUnlessEmpty("properties", properties.build())
        .addUnlessEmpty("required", List.copyOf(required))
        .addUnlessEmpty("x-kubernetes-group-version-kind", kindsOf.apply(type))
        .addUnlessEmpty("x-kubernetes-map-type", type.isAtomic() ? "atomic" : "")
        .build();
  }

  private Struct property(Type owner, Field field) {
    StructBuilder property = new StructBuilder();
    Struct value = value(field.type(), field);
    if (value.has("$ref")) {
      property.add("allOf", List.of(value));
    } else {
      value.forEach(property::add);
    }
    property.addUnlessEmpty("description", descriptions.ofField(owner.name(), field.name()));
    Object fallback = fallback(owner, field);
    if (fallback != null) {
      property.add("default", fallback);
    }
    if (field.enumName() != null && field.type() == Scalar.STRING) {
      property.addUnlessEmpty(
          "enum", TypeTable.BUILT_IN.enumeration(packageOf(owner.name()), field.enumName()));
    }
    addMerging(property, field);
    return property.build();
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  /// The default that the description states: a value, or the empty one of what always has one.
  private static @Nullable Object fallback(Type owner, Field field) {
    Object stated = StatedDefaults.of(owner.name(), field.name(), field.defaultValue());
    if (stated != null) {
      return stated;
    }
    boolean always = field.presence() == Presence.ALWAYS;
    return switch (field.type()) {
      case TypeRef _ -> always ? Struct.EMPTY : null;
      case Scalar scalar when always || field.required() ->
          switch (scalar) {
            case STRING -> "";
            case INT32, INT64 -> 0L;
            case BOOL -> false;
            default -> null;
          };
      default -> null;
    };
  }

  private static void addMerging(StructBuilder property, Field field) {
    Field.Merging merging = field.merging();
    if (field.type() instanceof FieldType.ListOf) {
      String listType =
          !merging.keys().isEmpty()
              ? "map"
              : merging.set() ? "set" : merging.atomic() ? "atomic" : "";
      property.addUnlessEmpty("x-kubernetes-list-type", listType);
      property.addUnlessEmpty("x-kubernetes-list-map-keys", merging.keys());
    } else if (merging.atomic()) {
      property.add(
          field.type() == Scalar.BYTES // a list to upstream
              ? "x-kubernetes-list-type"
              : "x-kubernetes-map-type",
          "atomic");
    }
    List<String> strategy = new ArrayList<>();
    if (merging.patchMerge()) {
      strategy.add("merge");
    }
    if (merging.patchReplace()) {
      strategy.add("replace");
    }
    if (merging.retainKeys()) {
      strategy.add("retainKeys");
    }
    property.addUnlessEmpty("x-kubernetes-patch-strategy", String.join(",", strategy));
    property.addUnlessEmpty("x-kubernetes-patch-merge-key", merging.patchKey());
  }

  private Struct value(FieldType type, @Nullable Field field) {
    return switch (type) {
      case TypeRef ref -> {
        next.add(ref.type());
        yield reference(ref.name());
      }
      case FieldType.ListOf(FieldType element) ->
          Struct.of("type", "array", "items", item(element, field));
      case FieldType.MapOf(FieldType content) ->
          Struct.of("type", "object", "additionalProperties", item(content, field));
      case Scalar scalar -> scalar(scalar);
    };
  }

  private Struct item(FieldType type, @Nullable Field field) {
    Struct value = value(type, field);
    if (value.has("$ref")) {
      return type instanceof TypeRef
          ? Struct.of("allOf", List.of(value), "default", Struct.EMPTY)
          : Struct.of("allOf", List.of(value));
    }
    return type == Scalar.STRING ? value.with("default", "") : value;
  }

  private Struct scalar(Scalar scalar) {
    String name = NAMED.get(scalar);
    if (name != null) {
      schemas.putIfAbsent(name, named(scalar));
      return reference(name);
    }
    return switch (scalar) {
      case BOOL -> Struct.of("type", "boolean");
      case INT32 -> Struct.of("type", "integer", "format", "int32");
      case INT64 -> Struct.of("type", "integer", "format", "int64");
      case DOUBLE -> Struct.of("type", "number", "format", "double");
      case BYTES -> Struct.of("type", "string", "format", "byte");
      default -> Struct.of("type", "string");
    };
  }

  private static Struct named(Scalar scalar) {
    Struct string = Struct.of("type", "string");
    return switch (scalar) {
      case QUANTITY -> Struct.of("oneOf", List.of(string, Struct.of("type", "number")));
      case INT_OR_STRING ->
          Struct.of(
              "format", "int-or-string", "oneOf", List.of(Struct.of("type", "integer"), string));
      case TIME, MICRO_TIME -> Struct.of("type", "string", "format", "date-time");
      case ANY, FIELDS -> Struct.of("type", "object");
      default -> Struct.EMPTY;
    };
  }
}
