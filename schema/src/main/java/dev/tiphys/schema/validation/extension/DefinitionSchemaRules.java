package dev.tiphys.schema.validation.extension;

import dev.tiphys.cel.Range;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.structural.DefaultRules;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.extension.SchemaExpressionRules.Scope;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules for the schemas of custom resources.
final class DefinitionSchemaRules {

  private static final String SCHEMA =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
  static final String MAP_TYPE = "x-kubernetes-map-type";
  private static final Set<String> METADATA = Set.of("metadata", "kind", "apiVersion");
  private static final List<String> TYPES =
      List.of("array", "boolean", "integer", "number", "object", "string");
  private static final String AT_ROOT =
      "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength"
          + " MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties"
          + " ExternalDocs Example XPreserveUnknownFields XValidations]";
  private static final Set<String> FIELDS_AT_ROOT =
      Set.of(
          "description",
          "type",
          "format",
          "title",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "uniqueItems",
          "multipleOf",
          "required",
          "items",
          "properties",
          "externalDocs",
          "example",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-validations");
  private static final List<String> UNSUPPORTED =
      List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref");

  private DefinitionSchemaRules() {}

  /// What a schema may say where it is.
  ///
  /// @param noDefaults why there may be no default values; empty if there may be
  /// @param inMetadata whether it is about the metadata of an object
  /// @param expressions where expressions stand; null if they are not looked at
  /// @param problems what is wrong with expressions, which is told last
  private record Context(
      SchemaRatchet ratchet,
      String noDefaults,
      boolean inMetadata,
      @Nullable Scope expressions,
      FieldErrors problems) {

    Context withoutDefaults(String why) {
      return new Context(ratchet, why, inMetadata, expressions, problems);
    }

    Context withinMetadata() {
      return new Context(ratchet, noDefaults, true, expressions, problems);
    }

    Context at(@Nullable Scope scope) {
      return new Context(ratchet, noDefaults, inMetadata, scope, problems);
    }
  }

  /// The schema of a version, or of all of them.
  ///
  /// @param hasStatus whether the status is a subresource
  /// @param version the version, or the first of those that have the schema
  static void schema(FieldValue schema, boolean hasStatus, SchemaRatchet ratchet, String version) {
    if (!schema.isSet()) {
      return;
    }
    int errors = schema.errors().size();
    FieldValue validation = schema.up();
    if (hasStatus) {
      root(schema);
    }
    if (schema.at("nullable").bool()) {
      validation.at("openAPIV3Schema.nullable").forbidden("nullable cannot be true at the root");
    }
    Scope expressions = structural(schema, ratchet, version);
    Context context = new Context(ratchet, "", false, expressions, new FieldErrors());
    node(schema, true, context);
    context.problems().list().forEach(schema.errors()::add);
    String unsupported = StructuralRules.unsupported(schema.struct());
    if (ratchet.structural() && unsupported != null && schema.errors().size() == errors) {
      schema.invalid("", unsupported);
    }
    if (expressions != null) {
      expressions.costs().check(schema);
    }
  }

  /// Rules that make a schema one that objects can be held to. Returns where its expressions stand,
  /// null if they need not be looked at.
  private static @Nullable Scope structural(
      FieldValue schema, SchemaRatchet ratchet, String version) {
    if (!ratchet.structural() || StructuralRules.unsupported(schema.struct()) != null) {
      return null;
    }
    int errors = schema.errors().size();
    StructuralRules.check(schema);
    if (schema.errors().size() == errors) {
      DefaultRules.check(schema, ratchet.prunedDefaults());
    }
    return schema.errors().size() == errors
        ? Scope.whole(!ratchet.unchanged().contains(version))
        : null;
  }

  private static void root(FieldValue schema) {
    FieldValue type = schema.up().at("openAPIV3Schema.type").holding(schema.at("type").value());
    boolean first = List.of("id", "$schema", "$ref").stream().anyMatch(schema.struct()::has);
    if (!first && !type.isEmpty() && !type.is("object")) {
      type.invalid(
          "only \"object\" is allowed as the type at the root of the schema if the status"
              + " subresource is enabled");
      return;
    }
    if (!schema.fields().stream().allMatch(field -> FIELDS_AT_ROOT.contains(field.name()))) {
      schema.invalidText(
          GoText.struct(schema.value(), SCHEMA),
          "only "
              + AT_ROOT
              + " fields are allowed at the root of the schema if the status subresource is"
              + " enabled");
    }
  }

  private static void node(FieldValue schema, boolean isRoot, Context context) {
    if (!(schema.value() instanceof Struct)) {
      return;
    }
    int errors = schema.errors().size();
    standard(schema, context);
    if (schema.at("uniqueItems").bool()) {
      schema
          .at("uniqueItems")
          .forbidden(
              "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    parts(schema, isRoot, context);
    FieldValue preserves = schema.at("x-kubernetes-preserve-unknown-fields");
    if (preserves.isSet() && !preserves.bool()) {
      preserves.invalid("must be true or undefined");
    }
    maps(schema);
    SchemaListRules.list(schema, context.ratchet());
    validations(schema);
    if (schema.errors().size() == errors && context.expressions() != null) {
      boolean whole = isRoot || schema.at("x-kubernetes-embedded-resource").bool();
      SchemaExpressionRules.compiled(schema, whole, context.expressions(), context.problems());
    }
  }

  /// Where expressions stand in what a schema has within it.
  private static @Nullable Scope within(FieldValue schema, Context context) {
    Scope scope = context.expressions();
    if (scope == null) {
      return null;
    }
    return switch (schema.at("type").string()) {
      case "array" -> scope.within(most(schema, "maxItems"));
      case "object" ->
          schema.at("additionalProperties").isSet()
              ? scope.within(most(schema, "maxProperties"))
              : scope;
      default -> scope;
    };
  }

  private static long most(FieldValue schema, String bound) {
    FieldValue most = schema.at(bound);
    return most.isSet() ? Math.max(0, most.integer()) : Range.ENDLESS;
  }

  private static void standard(FieldValue schema, Context context) {
    FieldValue type = schema.at("type");
    if (context.ratchet().types() && !type.isEmpty()) {
      type.mustBeOneOf(TYPES);
    }
    if (!context.noDefaults().isEmpty()) {
      schema.at("default").mustNotBeSet("must not be set " + context.noDefaults());
    }
    for (String field : UNSUPPORTED) {
      schema.at(field).mustNotBeSet(field + " is not supported");
    }
    if (type.is("null")) {
      type.forbidden("type cannot be set to null, use nullable as an alternative");
    }
    if (!schema.at("items").list().isEmpty()) {
      schema.at("items").forbidden("items must be a schema object and not an array");
    }
    if (context.inMetadata() && schema.at("x-kubernetes-embedded-resource").bool()) {
      schema
          .at("x-kubernetes-embedded-resource")
          .forbidden("must not be used inside of resource meta");
    }
  }

  private static void parts(FieldValue schema, boolean isRoot, Context outer) {
    Scope scope = within(schema, outer);
    Context context = outer.at(scope);
    others(schema, context);
    boolean isObject = isRoot || schema.at("x-kubernetes-embedded-resource").bool();
    for (FieldValue property : schema.at("properties").entries()) {
      Context inner = context;
      if (isObject && METADATA.contains(property.name())) {
        inner = inner.withinMetadata();
        if (isRoot) {
          inner = inner.withoutDefaults("in top-level " + property.name());
        }
      }
      node(property, false, inner);
    }
    Context alternative = outer.at(null);
    node(schema.at("not"), false, alternative);
    for (String junctor : List.of("allOf", "oneOf", "anyOf")) {
      schema.at(junctor).items().forEach(part -> node(part, false, alternative));
    }
    schema.at("definitions").entries().forEach(part -> node(part, false, alternative));
    boolean keyed = schema.at("x-kubernetes-list-type").is("map");
    Context item = keyed || scope == null ? context : context.at(scope.uncorrelatedBy(schema));
    node(schema.at("items"), false, item);
    schema.at("items").items().forEach(part -> node(part, false, item));
    schema.at("dependencies").entries().forEach(part -> node(part, false, alternative));
  }

  private static void others(FieldValue schema, Context context) {
    FieldValue others = schema.at("additionalProperties");
    if (!others.isSet()) {
      return;
    }
    if (!schema.at("properties").struct().isEmpty() && !others.bool()) {
      others.forbidden("additionalProperties and properties are mutual exclusive");
    }
    node(
        others,
        false,
        context.inMetadata()
            ? context.withoutDefaults("inside additionalProperties applying to object metadata")
            : context);
  }

  static void typeMustBe(FieldValue schema, String expected, String extension) {
    FieldValue type = schema.at("type");
    String detail = "must be " + expected + " if " + extension + " is specified";
    if (type.mustBeSet(detail) && !type.is(expected)) {
      type.invalid(detail);
    }
  }

  private static void maps(FieldValue schema) {
    FieldValue map = schema.at(MAP_TYPE);
    if (!map.isSet()) {
      return;
    }
    if (!schema.at("type").is("object")) {
      typeMustBe(schema, "object", MAP_TYPE);
    }
    map.mustBeOneOf(List.of("atomic", "granular"));
  }

  private static void validations(FieldValue schema) {
    for (FieldValue validation : schema.at("x-kubernetes-validations").items()) {
      SchemaExpressionRules.validation(validation, schema.struct());
    }
  }
}
