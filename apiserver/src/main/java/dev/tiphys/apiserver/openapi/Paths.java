package dev.tiphys.apiserver.openapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The paths of one resource, as OpenAPI v3 has them.
final class Paths {

  private static final List<String> BODIES =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json");

  private final Resource resource;
  private final Struct object;
  private final Struct list;
  private final Struct status;
  private final Struct deleteOptions;
  private final StructBuilder paths;

  /// @param object a reference to the schema of its objects; the others likewise
  /// @param paths where the paths are added
  Paths(
      Resource resource,
      Struct object,
      Struct list,
      Struct status,
      Struct deleteOptions,
      StructBuilder paths) {
    this.resource = resource;
    this.object = object;
    this.list = list;
    this.status = status;
    this.deleteOptions = deleteOptions;
    this.paths = paths;
  }

  void add() {
    String root = resource.groupVersion().path();
    String collection =
        resource.namespaced()
            ? root + "/namespaces/{namespace}/" + resource.plural()
            : root + "/" + resource.plural();
    StructBuilder many = new StructBuilder();
    operation(many, "get", "list", "", list);
    operation(many, "post", "create", "", object);
    operation(many, "delete", "deletecollection", "", status);
    path(collection, many, resource.namespaced(), false);
    if (resource.namespaced() && resource.verbs().contains("list")) {
      StructBuilder all = new StructBuilder();
      operation(all, "get", "list", "", list);
      path(root + "/" + resource.plural(), all, false, false);
    }
    StructBuilder one = new StructBuilder();
    operation(one, "get", "get", "", object);
    operation(one, "put", "update", "", object);
    operation(one, "patch", "patch", "", object);
    operation(one, "delete", "delete", "", status);
    path(collection + "/{name}", one, resource.namespaced(), true);
    for (Resource.Subresource below : resource.subresources()) {
      subresource(collection + "/{name}/" + below.name(), below);
    }
  }

  private void subresource(String path, Resource.Subresource below) {
    Struct kind = kind(below.groupVersion(), below.kind());
    Struct shown = below.kind().equals(resource.kind()) ? object : Struct.of("type", "object");
    StructBuilder operations = new StructBuilder();
    for (String verb : below.verbs()) {
      String method = method(verb);
      if (!method.isEmpty()) {
        operations.add(method, described(verb, "/" + below.name(), shown, kind));
      }
    }
    path(path, operations, resource.namespaced(), true);
  }

  private static String method(String verb) {
    return switch (verb) {
      case "get" -> "get";
      case "create" -> "post";
      case "update" -> "put";
      case "patch" -> "patch";
      case "delete" -> "delete";
      default -> "";
    };
  }

  private void operation(
      StructBuilder operations, String method, String verb, String below, Struct answer) {
    if (resource.verbs().contains(verb)) {
      operations.add(
          method, described(verb, below, answer, kind(resource.groupVersion(), resource.kind())));
    }
  }

  private static Struct kind(GroupVersion groupVersion, String kind) {
    return Struct.of(
        "group", groupVersion.group(), "kind", kind, "version", groupVersion.version());
  }

  private Struct described(String verb, String below, Struct answer, Struct kind) {
    boolean creates = verb.equals("create");
    StructBuilder operation =
        new StructBuilder()
            .add("operationId", operationId(verb, below))
            .add("tags", List.of(tag()))
            .add("parameters", parameters(verb))
            .add(
                "responses",
                responses(answer, creates || verb.equals("update") || verb.equals("patch")))
            .add("x-kubernetes-action", action(verb))
            .add("x-kubernetes-group-version-kind", kind);
    switch (verb) {
      case "create", "update" ->
          operation.add("requestBody", body(answer.has("$ref") ? answer : object, BODIES, true));
      case "patch" ->
          operation.add("requestBody", body(Struct.of("type", "object"), PATCHES, true));
      case "delete", "deletecollection" ->
          operation.add("requestBody", body(deleteOptions, BODIES, false));
      default -> {}
    }
    return operation.build();
  }

  private String tag() {
    return (resource.group().isEmpty() ? "core" : resource.group().replaceAll("\\..*", ""))
        + "_"
        + resource.version();
  }

  private String operationId(String verb, String below) {
    String group =
        resource.group().isEmpty() ? "Core" : capital(resource.group().replaceAll("\\..*", ""));
    String word =
        switch (verb) {
          case "get" -> "read";
          case "update" -> "replace";
          case "deletecollection" -> "deleteCollection";
          default -> verb;
        };
    return word
        + group
        + capital(resource.version())
        + (resource.namespaced() ? "Namespaced" : "")
        + resource.kind()
        + (below.isEmpty() ? "" : capital(below.substring(1)));
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private static String action(String verb) {
    return switch (verb) {
      case "create" -> "post";
      case "update" -> "put";
      default -> verb;
    };
  }

  private static List<Object> parameters(String verb) {
    List<Object> parameters = new ArrayList<>();
    switch (verb) {
      case "create", "update", "patch" -> {
        parameters.add(query("dryRun", "string"));
        parameters.add(query("fieldManager", "string"));
        parameters.add(query("fieldValidation", "string"));
        if (verb.equals("patch")) {
          parameters.add(query("force", "boolean"));
        }
      }
      case "delete" -> {
        parameters.add(query("dryRun", "string"));
        parameters.add(query("gracePeriodSeconds", "integer"));
        parameters.add(query("orphanDependents", "boolean"));
        parameters.add(query("propagationPolicy", "string"));
      }
      case "list", "deletecollection" -> {
        for (String text :
            List.of(
                "continue",
                "fieldSelector",
                "labelSelector",
                "resourceVersion",
                "resourceVersionMatch")) {
          parameters.add(query(text, "string"));
        }
        parameters.add(query("limit", "integer"));
        parameters.add(query("timeoutSeconds", "integer"));
        if (verb.equals("list")) {
          parameters.add(query("allowWatchBookmarks", "boolean"));
          parameters.add(query("sendInitialEvents", "boolean"));
          parameters.add(query("watch", "boolean"));
        }
      }
      default -> {}
    }
    return List.copyOf(parameters);
  }

  private static Struct query(String name, String type) {
    return Struct.of(
        "in", "query", "name", name, "schema", Struct.of("type", type, "uniqueItems", true));
  }

  private static Struct inPath(String name) {
    return new StructBuilder()
        .add("in", "path")
        .add("name", name)
        .add("required", true)
        .add("schema", Struct.of("type", "string", "uniqueItems", true))
        .build();
  }

  private static Struct responses(Struct answer, boolean created) {
    Struct good = content(answer, BODIES).with("description", "OK");
    StructBuilder responses =
        new StructBuilder().add("200", good).add("401", Struct.of("description", "Unauthorized"));
    if (created) {
      responses.add("201", good.with("description", "Created"));
    }
    return responses.build();
  }

  private static Struct body(Struct schema, List<String> mediaTypes, boolean required) {
    Struct body = content(schema, mediaTypes);
    return required ? body.with("required", true) : body;
  }

  private static Struct content(Struct schema, List<String> mediaTypes) {
    StructBuilder content = new StructBuilder();
    mediaTypes.forEach(type -> content.add(type, Struct.of("schema", schema)));
    return Struct.of("content", content.build());
  }

  private void path(String path, StructBuilder operations, boolean inNamespace, boolean named) {
    if (operations.isEmpty()) {
      return;
    }
    List<Object> parameters = new ArrayList<>();
    if (named) {
      parameters.add(inPath("name"));
    }
    if (inNamespace) {
      parameters.add(inPath("namespace"));
    }
    parameters.add(query("pretty", "string"));
    paths.add(path, operations.add("parameters", List.copyOf(parameters)).build());
  }
}
