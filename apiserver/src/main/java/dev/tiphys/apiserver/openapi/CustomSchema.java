package dev.tiphys.apiserver.openapi;

import dev.tiphys.descriptions.Descriptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.List;

/// Describes the kinds of custom resources: what their definitions say, what all objects have, and
/// what shorthands stand for.
///
/// Old clients, which read OpenAPI v2, take a schema for complete and refuse what it does not name.
/// They are told less: no alternatives, nothing of what is inside a value that may be null or may
/// have fields that nobody knows.
///
/// @param descriptions of what all objects have
/// @param old whether for clients that read OpenAPI v2
record CustomSchema(Descriptions descriptions, boolean old) {

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String STATUS = META + "Status";
  private static final String CONVENTIONS =
      " More info:"
          + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

  private static final String PRESERVES = "x-kubernetes-preserve-unknown-fields";
  private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf", "not");

  /// The schema of a kind.
  ///
  /// @param kinds what stands as `x-kubernetes-group-version-kind`
  Struct of(StructuralSchema schema, List<Object> kinds) {
    Struct document = schema.document();
    boolean open = document.isEmpty() || old && document.bool(PRESERVES);
    Struct whole =
        open
            ? Struct.of("type", "object")
            : withMetadata(
                node(document),
                descriptions.ofField(STATUS, "apiVersion"),
                descriptions.ofField(STATUS, "kind"));
    return StructBuilder.from(whole).add("x-kubernetes-group-version-kind", kinds).build();
  }

  /// The schema of a list of objects.
  ///
  /// @param name of the schema of one
  Struct listOf(String name, String kind, String plural, List<Object> kinds) {
    StructBuilder properties = new StructBuilder();
    for (String field : List.of("apiVersion", "kind")) {
      properties.add(
          field, Struct.of("type", "string", "description", descriptions.ofField(STATUS, field)));
    }
    Struct items =
        new StructBuilder()
            .add("type", "array")
            .add("description", "List of " + plural + "." + CONVENTIONS)
            .add("items", reference(name))
            .build();
    return new StructBuilder()
        .add("type", "object")
        .add("description", kind + "List is a list of " + kind)
        .add("required", List.of("items"))
        .add(
            "properties",
            properties
                .add("items", items)
                .add(
                    "metadata",
                    described(
                        META + "ListMeta",
                        "Standard list metadata." + CONVENTIONS + "#types-kinds"))
                .build())
        .add("x-kubernetes-group-version-kind", kinds)
        .build();
  }

  private Struct reference(String name) {
    return Struct.of("$ref", (old ? Swagger.PREFIX : Schemas.PREFIX) + name);
  }

  private Struct described(String name, String description) {
    Struct reference = reference(name);
    return old
        ? reference.with("description", description)
        : Struct.of("allOf", List.of(reference), "description", description);
  }

  private Struct withMetadata(Struct schema, String apiVersion, String kind) {
    Struct properties =
        StructBuilder.from(schema.struct("properties"))
            .add("apiVersion", Struct.of("type", "string", "description", apiVersion))
            .add("kind", Struct.of("type", "string", "description", kind))
            .add(
                "metadata",
                described(
                    META + "ObjectMeta", "Standard object's metadata." + CONVENTIONS + "#metadata"))
            .build();
    return schema.with("properties", properties);
  }

  private Struct node(Struct schema) {
    Struct changed = old ? reduced(schema) : unfolded(schema);
    StructBuilder next = new StructBuilder(changed.size());
    changed.forEach(
        (word, value) ->
            next.put(
                word,
                switch (word) {
                  case "properties" -> properties((Struct) value);
                  case "items", "additionalProperties" ->
                      value instanceof Struct below ? node(below) : value;
                  default -> value;
                }));
    Struct built = next.build();
    boolean told = !(old && built.bool(PRESERVES));
    return told && built.bool("x-kubernetes-embedded-resource") ? embedded(built) : built;
  }

  private Struct properties(Struct properties) {
    StructBuilder next = new StructBuilder(properties.size());
    properties.forEach((name, schema) -> next.put(name, node((Struct) schema)));
    return next.build();
  }

  /// A whole object inside another.
  private Struct embedded(Struct schema) {
    List<Object> required = new ArrayList<>(schema.list("required"));
    for (String field : List.of("kind", "apiVersion")) {
      if (!required.contains(field)) {
        required.add(field);
      }
    }
    return withMetadata(
            schema,
            "apiVersion defines the versioned schema of this representation of an object."
                + CONVENTIONS
                + "#resources",
            "kind is a string value representing the type of this object. In CamelCase."
                + CONVENTIONS
                + "#types-kinds")
        .with("required", List.copyOf(required));
  }

  /// A number or a text: clients need not know the word for that.
  private static Struct unfolded(Struct schema) {
    if (!schema.bool("x-kubernetes-int-or-string")) {
      return schema;
    }
    Struct either =
        Struct.of("anyOf", List.of(Struct.of("type", "integer"), Struct.of("type", "string")));
    List<Struct> all = schema.structs("allOf");
    boolean said =
        schema.list("anyOf").equals(either.list("anyOf"))
            || !all.isEmpty() && all.getFirst().list("anyOf").equals(either.list("anyOf"));
    if (said) {
      return schema;
    }
    if (!schema.has("anyOf")) {
      return schema.with("anyOf", either.list("anyOf"));
    }
    List<Object> more = new ArrayList<>();
    more.add(either);
    more.addAll(all);
    return schema.with("allOf", List.copyOf(more));
  }

  private static Struct reduced(Struct schema) {
    Struct next = schema;
    for (String word : ALTERNATIVES) {
      next = next.without(word);
    }
    if (next.bool("nullable")) {
      next = next.without("type").without("nullable").without("items").without("properties");
    }
    if (next.bool(PRESERVES)) {
      next = next.without("items").without("properties");
    }
    String type = next.string("type");
    boolean untellable =
        type.equals("array") && !next.has("items") || type.equals("object") && next.bool(PRESERVES);
    next = untellable ? next.without("type") : next;
    return required(next);
  }

  /// What may be null need not be there, for all that clients know.
  private static Struct required(Struct schema) {
    if (schema.bool("additionalProperties", "nullable")) {
      return schema.without("required");
    }
    List<String> kept =
        schema.strings("required").stream()
            .filter(field -> !schema.bool("properties", field, "nullable"))
            .toList();
    return kept.isEmpty() ? schema.without("required") : schema.with("required", kept);
  }
}
