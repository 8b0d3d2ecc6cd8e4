package dev.tiphys.apiserver.openapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// The paths of one resource, as OpenAPI v3 has them.
final class Paths {

  private static final List<String> BODIES =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  private static final List<String> PATCHES =
      List.of(
          "application/apply-patch+yaml",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json");

  private static final List<String> PROXIED =
      List.of("delete", "get", "head", "options", "patch", "post", "put");

  private static final Struct TEXT = Struct.of("type", "string");

  /// The parameters of subresources that are connected to, by their kinds, and their types.
  private static final Map<String, Map<String, String>> CONNECTED =
      Map.of(
          "PodAttachOptions",
          sorted("container", "stderr", "stdin", "stdout", "tty"),
          "PodExecOptions",
          sorted("command", "container", "stderr", "stdin", "stdout", "tty"),
          "PodPortForwardOptions",
          sorted("ports"));

  private final Resource resource;
  private final Refs refs;
  private final Function<Type, Struct> schemas;
  private final StructBuilder paths;

  /// References to schemas that all operations of a resource use.
  ///
  /// @param object of its objects
  /// @param list of lists of them
  record Refs(Struct object, Struct list, Struct status, Struct deleteOptions, Struct watchEvent) {}

  /// @param schemas adds a type to the schemas, and refers to it
  /// @param paths where the paths are added
  Paths(Resource resource, Refs refs, Function<Type, Struct> schemas, StructBuilder paths) {
    this.resource = resource;
    this.refs = refs;
    this.schemas = schemas;
    this.paths = paths;
  }

  private static Map<String, String> sorted(String... names) {
    Map<String, String> parameters = new TreeMap<>();
    for (String name : names) {
      parameters.put(
          name,
          switch (name) {
            case "stderr", "stdin", "stdout", "tty" -> "boolean";
            case "ports" -> "integer";
            default -> "string";
          });
    }
    return parameters;
  }

  void add() {
    String root = resource.groupVersion().path();
    boolean inNamespace = resource.namespaced();
    String plural = "/" + resource.plural();
    String collection = inNamespace ? "/namespaces/{namespace}" + plural : plural;
    StructBuilder many = new StructBuilder();
    operation(many, "get", "list", refs.list);
    operation(many, "post", "create", refs.object);
    operation(many, "delete", "deletecollection", refs.status);
    path(root + collection, many, inNamespace, false);
    boolean everywhere = inNamespace && resource.verbs().contains("list");
    if (everywhere) {
      path(
          root + plural,
          new StructBuilder()
              .add("get", described("list", resource.kind() + "ForAllNamespaces", "", refs.list)),
          false,
          false);
    }
    StructBuilder one = new StructBuilder();
    operation(one, "get", "get", refs.object);
    operation(one, "put", "update", refs.object);
    operation(one, "patch", "patch", refs.object);
    operation(one, "delete", "delete", refs.status);
    path(root + collection + "/{name}", one, inNamespace, true);
    for (Resource.Subresource below : resource.subresources()) {
      subresource(root + collection + "/{name}/" + below.name(), below);
    }
    if (resource.verbs().contains("watch") && !isCustom()) {
      watches(root + "/watch", collection, everywhere ? plural : "");
    }
  }

  /// The paths of old by which collections and single objects are watched.
  ///
  /// @param everywhere the collection in all namespaces; empty if there is none
  private void watches(String root, String collection, String everywhere) {
    boolean inNamespace = resource.namespaced();
    String kind = named(resource.kind());
    watch(root + collection, "watchlist", kind + "List", inNamespace, false);
    watch(root + collection + "/{name}", "watch", kind, inNamespace, true);
    if (!everywhere.isEmpty()) {
      watch(root + everywhere, "watchlist", resource.kind() + "ListForAllNamespaces", false, false);
    }
  }

  private void watch(String path, String verb, String name, boolean inNamespace, boolean named) {
    path(
        path,
        new StructBuilder().add("get", described(verb, name, "", refs.watchEvent)),
        inNamespace,
        named);
  }

  private void subresource(String path, Resource.Subresource below) {
    Type type = TypeTable.BUILT_IN.ofKind(below.groupVersion(), below.kind());
    Struct kind = kind(below.groupVersion(), below.kind());
    Struct shown = type == null || below.name().equals("log") ? TEXT : schemas.apply(type);
    if (below.name().equals("proxy")) {
      proxy(path, below, kind, "");
      proxy(path + "/{path}", below, kind, "WithPath");
      return;
    }
    StructBuilder operations = new StructBuilder();
    for (String verb : below.verbs()) {
      String method = method(verb);
      boolean connects = CONNECTED.containsKey(below.kind());
      if (!method.isEmpty()) {
        String action = connects ? "connect" : verb;
        String name =
            (connects ? capital(method) : "") + named(resource.kind()) + capital(below.name());
        operations.add(
            method,
            described(action, name, below.name(), shown)
                .with("x-kubernetes-group-version-kind", kind)
                .with(
                    "description",
                    connects ? connecting(method, below) : description(verb, below.name()))
                .with("parameters", parameters(connects ? below.kind() : action)));
      }
    }
    path(path, operations, resource.namespaced(), true);
  }

  private String connecting(String method, Resource.Subresource below) {
    return "connect %s requests to %s of %s"
        .formatted(method.toUpperCase(Locale.ROOT), below.name(), resource.kind());
  }

  /// What passes requests of every method on.
  ///
  /// @param withPath ends the ids of operations on paths below it
  private void proxy(String path, Resource.Subresource below, Struct kind, String withPath) {
    StructBuilder operations = new StructBuilder();
    for (String method : PROXIED) {
      String name = capital(method) + named(resource.kind()) + capital(below.name()) + withPath;
      operations.add(
          method,
          described("connect", name, below.name(), TEXT)
              .with("x-kubernetes-group-version-kind", kind)
              .with("description", connecting(method, below)));
    }
    List<Object> parameters = new ArrayList<>();
    parameters.add(inPath("name"));
    if (resource.namespaced()) {
      parameters.add(inPath("namespace"));
    }
    if (!withPath.isEmpty()) {
      parameters.add(inPath("path"));
    }
    parameters.add(query("path", "string"));
    paths.add(path, operations.add("parameters", List.copyOf(parameters)).build());
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

  private boolean isCustom() {
    return resource.schema() instanceof StructuralSchema;
  }

  /// Custom objects do not travel as protobuf.
  private List<String> bodies() {
    return isCustom() ? BODIES.subList(0, 2) : BODIES;
  }

  private void operation(StructBuilder operations, String method, String verb, Struct answer) {
    if (resource.verbs().contains(verb)) {
      operations.add(method, described(verb, named(resource.kind()), "", answer));
    }
  }

  private String named(String kind) {
    return (resource.namespaced() ? "Namespaced" : "") + kind;
  }

  private static Struct kind(GroupVersion groupVersion, String kind) {
    return Struct.of(
        "group", groupVersion.group(), "kind", kind, "version", groupVersion.version());
  }

  /// @param name what the operation is about, in its id
  /// @param below the subresource; empty if it is about objects themselves
  private Struct described(String verb, String name, String below, Struct answer) {
    boolean creates = verb.equals("create");
    StructBuilder operation =
        new StructBuilder()
            .add("description", description(verb, below))
            .add("operationId", word(verb) + group() + capital(resource.version()) + name)
            .add("tags", List.of(tag()))
            .add("parameters", parameters(verb))
            .add(
                "responses",
                responses(answer, creates || verb.equals("update") || verb.equals("patch")))
            .add("x-kubernetes-action", action(verb))
            .add("x-kubernetes-group-version-kind", kind(resource.groupVersion(), resource.kind()));
    switch (verb) {
      case "create", "update" -> operation.add("requestBody", body(answer, bodies(), true));
      case "patch" ->
          operation.add("requestBody", body(Struct.of("type", "object"), patches(), true));
      case "delete", "deletecollection" ->
          operation.add("requestBody", body(refs.deleteOptions, bodies(), false));
      default -> {}
    }
    return operation.build();
  }

  /// The kinds of patches that are taken: objects of custom kinds have no merge keys.
  private List<String> patches() {
    return resource.schema().strategic() == null ? PATCHES.subList(0, PATCHES.size() - 1) : PATCHES;
  }

  /// What an operation does, in a few words.
  private String description(String verb, String below) {
    String kind = resource.kind();
    String article = "AEIOU".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ";
    String part = below.isEmpty() ? "" : below + " of ";
    return switch (verb) {
      case "list" -> "list or watch objects of kind " + kind;
      case "create" -> "create " + (below.isEmpty() ? article : part + article) + kind;
      case "deletecollection" -> "delete collection of " + kind;
      case "get" -> "read " + part + "the specified " + kind;
      case "update" -> "replace " + part + "the specified " + kind;
      case "patch" -> "partially update " + part + "the specified " + kind;
      case "delete" -> "delete " + part + article + kind;
      case "watchlist" ->
          "watch individual changes to a list of "
              + kind
              + ". deprecated: use the 'watch' parameter with a list operation instead.";
      case "watch" ->
          "watch changes to an object of kind "
              + kind
              + ". deprecated: use the 'watch' parameter with a list operation instead, filtered to a"
              + " single item with the 'fieldSelector' parameter.";
      default -> "";
    };
  }

  private String tag() {
    String group = group();
    return group.substring(0, 1).toLowerCase(Locale.ROOT)
        + group.substring(1)
        + "_"
        + resource.version();
  }

  /// The group as one word: that of upstream's own without the end that all of them have.
  private String group() {
    if (resource.group().isEmpty()) {
      return "Core";
    }
    StringBuilder words = new StringBuilder();
    for (String part : resource.group().replaceFirst("\\.k8s\\.io$", "").split("[^a-zA-Z0-9]+")) {
      words.append(capital(part));
    }
    return words.toString();
  }

  /// The word for a verb in the ids of operations.
  private static String word(String verb) {
    return switch (verb) {
      case "get" -> "read";
      case "update" -> "replace";
      case "deletecollection" -> "deleteCollection";
      case "watchlist" -> "watch";
      default -> verb;
    };
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
      case "list", "deletecollection", "watchlist", "watch" -> {
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
        if (!verb.equals("deletecollection")) {
          parameters.add(query("allowWatchBookmarks", "boolean"));
          parameters.add(query("sendInitialEvents", "boolean"));
          parameters.add(query("watch", "boolean"));
        }
      }
      default ->
          CONNECTED
              .getOrDefault(verb, Map.of())
              .forEach((name, type) -> parameters.add(query(name, type)));
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

  private Struct responses(Struct answer, boolean created) {
    Struct good = content(answer, bodies()).with("description", "OK");
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
