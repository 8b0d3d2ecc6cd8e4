package dev.tiphys.apiserver.openapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;

/// The description of the API as OpenAPI v2 has it, made from that of v3: schemas have fewer ways
/// to say something, and what is sent is one parameter among others.
final class Swagger {

  static final String PREFIX = "#/definitions/";

  private Swagger() {}

  /// The whole document.
  ///
  /// @param info as in v3; the others likewise
  static Struct document(Struct info, Struct paths, Schemas all) {
    Struct schemas = all.all();
    StructBuilder newPaths = new StructBuilder(paths.size());
    paths.forEach((path, item) -> newPaths.put(path, item(struct(item))));
    StructBuilder definitions = new StructBuilder(schemas.size());
    schemas.forEach((name, schema) -> definitions.put(name, schema(struct(schema))));
    all.old().forEach(definitions::put);
    return new StructBuilder()
        .add("swagger", "2.0")
        .add("info", info)
        .add("paths", newPaths.build())
        .add("definitions", definitions.build())
        .build();
  }

  private static Struct struct(Object tree) {
    return tree instanceof Struct struct ? struct : Struct.EMPTY;
  }

  private static Struct item(Struct item) {
    StructBuilder next = new StructBuilder(item.size());
    item.forEach(
        (name, value) ->
            next.put(
                name,
                name.equals("parameters")
                    ? parameters(item.structs("parameters"))
                    : operation(struct(value))));
    return next.build();
  }

  private static Struct operation(Struct operation) {
    List<Object> parameters = new ArrayList<>(parameters(operation.structs("parameters")));
    StructBuilder next = StructBuilder.from(operation.without("requestBody"));
    Struct body = operation.struct("requestBody");
    Struct sent = body.struct("content");
    if (!sent.isEmpty()) {
      next.add("consumes", sent.names());
      parameters.add(
          new StructBuilder()
              .add("in", "body")
              .add("name", "body")
              .add("required", body.bool("required"))
              .add("schema", schema(struct(sent.value(0)).struct("schema")))
              .build());
    }
    StructBuilder responses = new StructBuilder();
    List<String> produced = new ArrayList<>();
    operation
        .struct("responses")
        .forEach(
            (code, response) -> {
              Struct content = struct(response).struct("content");
              content.names().stream().filter(n -> !produced.contains(n)).forEach(produced::add);
              responses.add(code, response(struct(response), content));
            });
    return next.add("parameters", List.copyOf(parameters))
        .addUnlessEmpty("produces", List.copyOf(produced))
        .add("responses", responses.build())
        .build();
  }

  private static Struct response(Struct response, Struct content) {
    StructBuilder next = new StructBuilder().add("description", response.string("description"));
    return content.isEmpty()
        ? next.build()
        : next.add("schema", schema(struct(content.value(0)).struct("schema"))).build();
  }

  /// Parameters say their type themselves.
  private static List<Object> parameters(List<Struct> parameters) {
    List<Object> next = new ArrayList<>();
    for (Struct parameter : parameters) {
      StructBuilder flat = StructBuilder.from(parameter.without("schema"));
      parameter.struct("schema").forEach(flat::put);
      next.add(flat.build());
    }
    return List.copyOf(next);
  }

  private static Struct schema(Struct schema) {
    StructBuilder next = new StructBuilder(schema.size());
    schema.forEach(
        (name, value) -> {
          switch (name) {
            case "$ref" -> next.put(name, reference((String) value));
            case "allOf" -> schema(schema.structs("allOf").getFirst()).forEach(next::put);
            case "oneOf" -> next.put("type", "string"); // of several forms, the one that fits all
            case "default" -> {} // the server fills it in
            case "items", "additionalProperties" -> next.put(name, schema(struct(value)));
            case "properties" -> next.put(name, properties(struct(value)));
            default -> next.put(name, value);
          }
        });
    return next.build();
  }

  private static String reference(String v3) {
    return PREFIX + v3.substring(Schemas.PREFIX.length());
  }

  private static Struct properties(Struct properties) {
    StructBuilder next = new StructBuilder(properties.size());
    properties.forEach((name, property) -> next.put(name, schema(struct(property))));
    return next.build();
  }
}
