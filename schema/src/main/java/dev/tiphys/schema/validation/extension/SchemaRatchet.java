package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.structural.DefaultRules;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is asked of the schemas of custom resources. What was wrong in them before a rule was made
/// may stay wrong.
///
/// @param needsSchema each version has one
/// @param structural the type of each value is clear
/// @param types types exist
/// @param atomicSets elements of sets are compared as a whole
/// @param mapKeys the keys of lists that are maps are always there
/// @param prunedDefaults default values have no fields that would be dropped
/// @param unchanged the versions whose schema stays as it is, and may cost what it costs
record SchemaRatchet(
    boolean needsSchema,
    boolean structural,
    boolean types,
    boolean atomicSets,
    boolean mapKeys,
    boolean prunedDefaults,
    Set<String> unchanged) {

  static final SchemaRatchet NONE = new SchemaRatchet(true, true, true, true, true, true, Set.of());
  static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "array", "object");

  private static final List<String> EXTENSIONS =
      List.of(
          "x-kubernetes-embedded-resource",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-list-type",
          "x-kubernetes-validations");

  /// @param now the specification
  /// @param old the one that is replaced
  static SchemaRatchet of(Struct now, Struct old) {
    List<Struct> schemas = schemas(old);
    boolean complete =
        old.has("validation", "openAPIV3Schema")
            || old.structs("versions").stream().allMatch(v -> v.has("schema", "openAPIV3Schema"));
    boolean structural = schemas.stream().allMatch(StructuralRules::isStructural);
    return new SchemaRatchet(
        complete,
        structural,
        !any(schemas, s -> !s.string("type").isEmpty() && !TYPES.contains(s.string("type"))),
        !any(schemas, SchemaRatchet::hasLooseSet),
        !any(schemas, SchemaListRules::hasLooseKeys),
        !structural || schemas.stream().noneMatch(DefaultRules::hasUnknownFields),
        unchanged(now, old));
  }

  private static Set<String> unchanged(Struct now, Struct old) {
    return now.structs("versions").stream()
        .map(version -> version.string("name"))
        .filter(version -> Objects.equals(schema(now, version), schema(old, version)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The schema of a version; null if there is none.
  private static @Nullable Object schema(Struct spec, String version) {
    for (Struct each : spec.structs("versions")) {
      if (each.string("name").equals(version)) {
        Object own = each.get("schema", "openAPIV3Schema");
        return own == null ? spec.get("validation", "openAPIV3Schema") : own;
      }
    }
    return null;
  }

  private static boolean hasLooseSet(Struct schema) {
    FieldErrors errors = new FieldErrors();
    SchemaListRules.atomicSet(FieldValue.top(errors, schema));
    return !errors.isEmpty();
  }

  /// What asks for more than to keep everything must say what everything is.
  SchemaRatchet forSpec(Struct spec) {
    List<Struct> schemas = schemas(spec);
    boolean strict =
        !spec.bool("preserveUnknownFields")
            || hasDefaults(spec)
            || any(schemas, schema -> EXTENSIONS.stream().anyMatch(schema::has));
    return new SchemaRatchet(
        needsSchema, structural || strict, types, atomicSets, mapKeys, prunedDefaults, unchanged);
  }

  static boolean hasDefaults(Struct spec) {
    return any(schemas(spec), schema -> schema.get("default") != null);
  }

  private static List<Struct> schemas(Struct spec) {
    return Stream.concat(
            Stream.of(spec.struct("validation", "openAPIV3Schema")),
            spec.structs("versions").stream().map(v -> v.struct("schema", "openAPIV3Schema")))
        .filter(schema -> !schema.isEmpty())
        .toList();
  }

  private static boolean any(List<Struct> schemas, Predicate<Struct> test) {
    return schemas.stream().anyMatch(schema -> test.test(schema) || any(parts(schema), test));
  }

  /// The schemas directly within one.
  static List<Struct> parts(Struct schema) {
    List<Struct> parts = new ArrayList<>();
    for (String field : List.of("items", "additionalProperties", "additionalItems", "not")) {
      if (schema.get(field) instanceof Struct part) {
        parts.add(part);
      }
    }
    for (String field : List.of("items", "allOf", "anyOf", "oneOf")) {
      parts.addAll(schema.structs(field));
    }
    for (String field : List.of("properties", "patternProperties", "definitions", "dependencies")) {
      Struct map = schema.struct(field);
      for (String name : map.names()) {
        if (map.get(name) instanceof Struct part) {
          parts.add(part);
        }
      }
    }
    return parts;
  }
}
