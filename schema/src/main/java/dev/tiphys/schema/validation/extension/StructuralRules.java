package dev.tiphys.schema.validation.extension;

import dev.tiphys.cel.Regex;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules that make a schema structural: the type of each value is clear without looking at the
/// value, so that unknown fields can be dropped.
final class StructuralRules {

  private static final String EMBEDDED = "x-kubernetes-embedded-resource";
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
  private static final String METADATA = "metadata";
  private static final List<Struct> INTEGER_AND_STRING =
      List.of(Struct.of("type", "integer"), Struct.of("type", "string"));
  private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");

  /// What alternatives may not say, and how it must be instead.
  private static final Map<String, String> ONLY_OUTSIDE =
      Map.ofEntries(
          Map.entry("type", "empty"),
          Map.entry("additionalProperties", "undefined"),
          Map.entry("default", "undefined"),
          Map.entry("title", "empty"),
          Map.entry("description", "empty"),
          Map.entry("nullable", "false"),
          Map.entry(PRESERVE, "false"),
          Map.entry(EMBEDDED, "false"),
          Map.entry(INT_OR_STRING, "false"),
          Map.entry("x-kubernetes-list-map-keys", "empty"),
          Map.entry("x-kubernetes-list-type", "undefined"),
          Map.entry("x-kubernetes-map-type", "undefined"),
          Map.entry("x-kubernetes-validations", "empty"));

  private enum Level {
    ROOT("at the root"),
    ITEM("for specified array items"),
    FIELD("for specified object fields");

    private final String where;

    Level(String where) {
      this.where = where;
    }
  }

  private StructuralRules() {}

  static boolean isStructural(Struct schema) {
    FieldErrors errors = new FieldErrors();
    check(FieldValue.top(errors, schema));
    return errors.isEmpty() && unsupported(schema) == null;
  }

  /// Errors are told in the order of their texts.
  static void check(FieldValue schema) {
    if (unsupported(schema.struct()) != null) {
      return;
    }
    FieldErrors errors = new FieldErrors();
    FieldValue value = schema.reportingTo(errors);
    invariants(value, Level.ROOT);
    alternatives(value, value);
    errors.list().stream()
        .sorted(Comparator.comparing(FieldError::toString))
        .forEach(schema.errors()::add);
  }

  /// Why the schema cannot be looked at; null if it can.
  static @Nullable String unsupported(Struct schema) {
    for (String field :
        List.of(
            "id",
            "$schema",
            "$ref",
            "patternProperties",
            "dependencies",
            "additionalItems",
            "definitions")) {
      if (schema.has(field)) {
        String name = field.equals("$schema") ? "schema" : field;
        return "OpenAPIV3Schema '" + name + "' is not supported";
      }
    }
    if (schema.get(PRESERVE) instanceof Boolean preserves && !preserves) {
      return "internal error: '" + PRESERVE + "' must be true or undefined";
    }
    if (schema.get("items") instanceof List<?> list && !list.isEmpty()) {
      return "OpenAPIV3Schema 'items' must be a schema, but is an array";
    }
    for (Struct part : SchemaRatchet.parts(schema)) {
      String problem = unsupported(part);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static void invariants(FieldValue schema, Level level) {
    if (!(schema.value() instanceof Struct)) {
      return;
    }
    FieldValue items = schema.at("items");
    FieldValue type = schema.at("type");
    if (type.is("array") && !items.isSet()) {
      items.required("must be specified");
    }
    invariants(items, Level.ITEM);
    for (FieldValue property : schema.at("properties").entries()) {
      invariants(property, Level.FIELD);
    }
    FieldValue others = schema.at("additionalProperties");
    if (others.isSet()) {
      if (level == Level.ROOT) {
        others.forbidden("must not be used at the root");
      }
      invariants(others, Level.FIELD);
    }
    extensions(schema);
    boolean isEither = INTEGER_AND_STRING.equals(schema.at("anyOf").structs());
    boolean isEitherOfAll =
        !schema.at("allOf").isEmpty()
            && INTEGER_AND_STRING.equals(schema.at("allOf").at(0).at("anyOf").structs());
    values(schema, isEither, isEitherOfAll);
    type(schema, level);
    metadata(schema, level);
  }

  private static void extensions(FieldValue schema) {
    for (String field : List.of(PRESERVE, EMBEDDED)) {
      if (schema.at(INT_OR_STRING).bool() && schema.at(field).bool()) {
        schema.at(field).invalid("must be false if " + INT_OR_STRING + " is true");
      }
    }
  }

  private static void type(FieldValue schema, Level level) {
    FieldValue type = schema.at("type");
    boolean embedded = schema.at(EMBEDDED).bool();
    if (embedded && !type.is("object")) {
      String detail = "must be object if " + EMBEDDED + " is true";
      if (type.mustBeSet(detail)) {
        type.invalid(detail);
      }
    } else if (type.isEmpty() && !schema.at(INT_OR_STRING).bool() && !schema.at(PRESERVE).bool()) {
      type.required("must not be empty " + level.where);
    }
    if (embedded) {
      schema.at("additionalProperties").mustNotBeSet("must not be used if " + EMBEDDED + " is set");
    }
    if (level == Level.ROOT && !type.isEmpty() && !type.is("object")) {
      type.invalid("must be object at the root");
    }
  }

  private static void metadata(FieldValue schema, Level level) {
    FieldValue properties = schema.at("properties");
    boolean isObject = level == Level.ROOT || schema.at(EMBEDDED).bool();
    for (String name : isObject ? List.of("kind", "apiVersion") : List.<String>of()) {
      FieldValue property = properties.key(name);
      if (property.isSet() && !property.at("type").is("string")) {
        property.at("type").invalid(property.at("type").string(), "must be string");
      }
    }
    FieldValue metadata = properties.key(METADATA);
    if (metadata.isSet()) {
      if (isObject && !metadata.at("type").is("object")) {
        metadata.at("type").invalid(metadata.at("type").string(), "must be object");
      }
      if (level == Level.ROOT && !saysOnlyNames(metadata.struct())) {
        metadata.forbidden(
            "must not specify anything other than name and generateName, but metadata is implicitly"
                + " specified");
      }
    }
    if (schema.at(EMBEDDED).bool()
        && !schema.at(PRESERVE).bool()
        && properties.struct().isEmpty()) {
      properties.required("must not be empty if " + EMBEDDED + " is true without " + PRESERVE);
    }
  }

  private static boolean saysOnlyNames(Struct metadata) {
    return List.of("name", "generateName").containsAll(metadata.struct("properties").names())
        && List.of("type", "default", "properties").containsAll(metadata.names());
  }

  /// @param skipsAny whether the alternatives are of an integer and a string
  /// @param skipsAnyOfAll whether those of the first condition are
  private static void values(FieldValue schema, boolean skipsAny, boolean skipsAnyOfAll) {
    if (!skipsAny) {
      schema.at("anyOf").items().forEach(part -> nested(part, false));
    }
    boolean skips = skipsAnyOfAll;
    for (FieldValue part : schema.at("allOf").items()) {
      nested(part, skips);
      skips = false;
    }
    schema.at("oneOf").items().forEach(part -> nested(part, false));
    nested(schema.at("not"), false);
    FieldValue pattern = schema.at("pattern");
    String problem = pattern.isEmpty() ? null : problem(pattern.string());
    if (problem != null) {
      pattern.invalid("must be a valid regular expression, but isn't: " + problem);
    }
  }

  private static @Nullable String problem(String expression) {
    try {
      Regex.of(expression);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /// What alternatives may say: less than the schema outside of them.
  private static void nested(FieldValue schema, boolean skipsAny) {
    if (!(schema.value() instanceof Struct)) {
      return;
    }
    values(schema, skipsAny, false);
    nested(schema.at("items"), false);
    for (FieldValue property : schema.at("properties").entries()) {
      nested(property, false);
    }
    ONLY_OUTSIDE.forEach(
        (field, expected) -> {
          FieldValue value = schema.at(field);
          boolean said = expected.equals("false") ? value.bool() : !value.isEmpty();
          if (said && !Boolean.FALSE.equals(value.value())) {
            value.forbidden("must be " + expected + " to be structural");
          }
        });
    if (schema.at("properties").key(METADATA).isSet()) {
      schema.at("properties").key(METADATA).forbidden("must not be specified in a nested context");
    }
  }

  /// What alternatives speak of is specified outside of them too.
  private static void alternatives(FieldValue inner, FieldValue outer) {
    completeIn(inner.at("not"), outer);
    for (String junctor : JUNCTORS) {
      inner.at(junctor).items().forEach(part -> completeIn(part, outer));
    }
  }

  private static void completeIn(FieldValue inner, FieldValue outer) {
    if (!(inner.value() instanceof Struct)) {
      return;
    }
    if (!(outer.value() instanceof Struct)) {
      outer.required("because it is defined in " + inner.path());
      return;
    }
    alternatives(inner, outer);
    completeIn(inner.at("items"), outer.at("items"));
    for (FieldValue property : inner.at("properties").entries()) {
      completeIn(property, outer.at("properties").key(property.name()));
    }
  }
}
