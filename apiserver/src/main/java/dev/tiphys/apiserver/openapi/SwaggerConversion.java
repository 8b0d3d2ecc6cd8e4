package dev.tiphys.apiserver.openapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// OpenAPI v3 made from a document of OpenAPI v2, for servers that describe themselves in no other
/// way: what is sent and answered has a media type for each form, parameters have schemas, and
/// everything that is referred to is a component.
final class SwaggerConversion {

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch");

  /// Where what v2 refers to is in v3.
  private static final Map<String, String> PLACES =
      Map.of(
          "#/definitions/", "#/components/schemas/",
          "#/parameters/", "#/components/parameters/",
          "#/responses/", "#/components/responses/");

  /// What stands beside the schema of a parameter or header; all else is part of the schema.
  private static final List<String> BESIDE =
      List.of("name", "in", "description", "required", "allowEmptyValue");

  private final Struct document;

  private SwaggerConversion(Struct document) {
    this.document = document;
  }

  /// The document in OpenAPI v3.
  static Struct of(Struct document) {
    return new SwaggerConversion(document).converted();
  }

  private Struct converted() {
    StructBuilder parameters = new StructBuilder();
    document
        .struct("parameters")
        .forEach(
            (name, parameter) -> {
              if (!isContent(struct(parameter))) { // such a one stands in each operation
                parameters.put(name, parameter(struct(parameter)));
              }
            });
    Struct components =
        new StructBuilder()
            .addUnlessEmpty("schemas", each(document.struct("definitions"), this::moved))
            .addUnlessEmpty(
                "responses",
                each(document.struct("responses"), it -> response(it, produced(Struct.EMPTY))))
            .addUnlessEmpty("parameters", parameters.build())
            .addUnlessEmpty(
                "securitySchemes",
                each(document.struct("securityDefinitions"), SwaggerConversion::security))
            .build();
    StructBuilder next = new StructBuilder().add("openapi", "3.0.0");
    for (String same : List.of("info", "externalDocs", "tags", "security")) {
      next.addUnlessEmpty(same, document.get(same));
    }
    return next.add("paths", each(document.struct("paths"), this::path))
        .addUnlessEmpty("components", components)
        .build();
  }

  private static Struct struct(Object tree) {
    return tree instanceof Struct struct ? struct : Struct.EMPTY;
  }

  private static Struct each(Struct all, UnaryOperator<Struct> change) {
    StructBuilder next = new StructBuilder(all.size());
    all.forEach((name, value) -> next.put(name, change.apply(struct(value))));
    return next.build();
  }

  private Struct path(Struct path) {
    List<Struct> shared = path.structs("parameters");
    StructBuilder next = new StructBuilder(path.size());
    path.forEach(
        (name, value) -> {
          if (METHODS.contains(name)) {
            next.put(name, operation(struct(value), shared));
          } else if (!name.equals("parameters")) {
            next.put(name, value);
          }
        });
    return next.addUnlessEmpty("parameters", parameters(shared)).build();
  }

  private Struct operation(Struct operation, List<Struct> shared) {
    StructBuilder next = new StructBuilder(operation.size());
    List<String> produced = produced(operation);
    operation.forEach(
        (name, value) -> {
          switch (name) {
            case "consumes", "produces", "parameters", "schemes" -> {}
            case "responses" ->
                next.put(name, each(struct(value), response -> response(response, produced)));
            default -> next.put(name, value);
          }
        });
    List<Struct> own = operation.structs("parameters");
    List<Struct> all = new ArrayList<>(shared);
    all.addAll(own);
    return next.addUnlessEmpty("parameters", parameters(own))
        .addUnlessEmpty("requestBody", body(all, operation))
        .build();
  }

  private List<String> produced(Struct operation) {
    return forms(operation, "produces", JSON);
  }

  private List<String> forms(Struct operation, String field, String usual) {
    List<String> own = operation.strings(field);
    List<String> forms = own.isEmpty() ? document.strings(field) : own;
    return forms.isEmpty() ? List.of(usual) : forms;
  }

  private Struct response(Struct response, List<String> forms) {
    if (response.has("$ref")) {
      return moved(response);
    }
    StructBuilder next = new StructBuilder(response.size());
    response.forEach(
        (name, value) -> {
          switch (name) {
            case "schema" -> next.put("content", content(forms, struct(value)));
            case "headers" -> next.put(name, each(struct(value), this::parameter));
            case "examples" -> {}
            default -> next.put(name, moved(value));
          }
        });
    return next.build();
  }

  private Struct content(List<String> forms, Struct schema) {
    StructBuilder content = new StructBuilder(forms.size());
    forms.forEach(form -> content.put(form, Struct.of("schema", moved(schema))));
    return content.build();
  }

  /// A parameter, or the one that it refers to.
  private Struct found(Struct parameter) {
    String prefix = "#/parameters/";
    String reference = parameter.string("$ref");
    return reference.startsWith(prefix)
        ? document.struct("parameters").struct(reference.substring(prefix.length()))
        : parameter;
  }

  private boolean isContent(Struct parameter) {
    String place = found(parameter).string("in");
    return place.equals("body") || place.equals("formData");
  }

  private List<Object> parameters(List<Struct> parameters) {
    List<Object> next = new ArrayList<>();
    for (Struct parameter : parameters) {
      if (!isContent(parameter)) {
        next.add(parameter.has("$ref") ? moved(parameter) : parameter(parameter));
      }
    }
    return List.copyOf(next);
  }

  private Struct parameter(Struct parameter) {
    StructBuilder next = new StructBuilder();
    StructBuilder schema = new StructBuilder();
    parameter.forEach(
        (name, value) -> {
          if (name.equals("collectionFormat")) {
            next.put("explode", value.equals("multi"));
          } else {
            (BESIDE.contains(name) || name.startsWith("x-") ? next : schema).put(name, value);
          }
        });
    return next.add("schema", moved(schema.build())).build();
  }

  /// What is sent: the parameter that is the content, or the fields of a form.
  private Struct body(List<Struct> parameters, Struct operation) {
    StructBuilder fields = new StructBuilder();
    for (Struct each : parameters) {
      Struct parameter = found(each);
      switch (parameter.string("in")) {
        case "body" -> {
          List<String> forms = forms(operation, "consumes", JSON);
          return new StructBuilder()
              .addUnlessEmpty("description", parameter.string("description"))
              .add("content", content(forms, parameter.struct("schema")))
              .addUnlessEmpty("required", parameter.get("required"))
              .build();
        }
        case "formData" ->
            fields.put(parameter.string("name"), parameter(parameter).struct("schema"));
        default -> {}
      }
    }
    Struct form = fields.build();
    return form.isEmpty()
        ? form
        : Struct.of(
            "content",
            content(
                forms(operation, "consumes", FORM),
                Struct.of("properties", form, "type", "object")));
  }

  private static Struct security(Struct definition) {
    return switch (definition.string("type")) {
      case "basic" -> definition.with("type", "http").with("scheme", "basic");
      case "oauth2" -> oauth(definition);
      default -> definition;
    };
  }

  private static Struct oauth(Struct definition) {
    String flow =
        switch (definition.string("flow")) {
          case "accessCode" -> "authorizationCode";
          case "application" -> "clientCredentials";
          case String same -> same;
        };
    Struct details =
        new StructBuilder()
            .addUnlessEmpty("authorizationUrl", definition.string("authorizationUrl"))
            .addUnlessEmpty("tokenUrl", definition.string("tokenUrl"))
            .add("scopes", definition.struct("scopes"))
            .build();
    return new StructBuilder()
        .addUnlessEmpty("description", definition.string("description"))
        .add("flows", Struct.of(flow, details))
        .add("type", "oauth2")
        .build();
  }

  private Struct moved(Struct tree) {
    return struct(moved((Object) tree));
  }

  /// A tree that refers to components.
  private Object moved(Object tree) {
    return switch (tree) {
      case List<?> list -> list.stream().map(this::moved).toList();
      case Struct struct -> {
        StructBuilder next = new StructBuilder(struct.size());
        struct.forEach(
            (name, value) ->
                next.put(
                    name,
                    name.equals("$ref") && value instanceof String reference
                        ? place(reference)
                        : moved(value)));
        yield next.build();
      }
      default -> tree;
    };
  }

  private static String place(String reference) {
    for (Map.Entry<String, String> place : PLACES.entrySet()) {
      if (reference.startsWith(place.getKey())) {
        return place.getValue() + reference.substring(place.getKey().length());
      }
    }
    return reference;
  }
}
