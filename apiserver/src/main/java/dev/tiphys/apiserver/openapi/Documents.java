package dev.tiphys.apiserver.openapi;

import dev.tiphys.apiserver.catalog.CatalogSnapshot;
import dev.tiphys.apiserver.discovery.ServerVersion;
import dev.tiphys.apiserver.openapi.OpenApi.Document;
import dev.tiphys.descriptions.Descriptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The documents that describe what is served at one time; made when they are first asked for.
///
/// Threads: any.
final class Documents {

  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

  private static final Struct INFO = Struct.of("title", "Kubernetes", "version", ServerVersion.API);

  private final Map<GroupVersion, List<Resource>> versions = new LinkedHashMap<>();
  private final Map<GroupVersion, Document> documents = new ConcurrentHashMap<>();
  private final Map<GroupVersion, String> hashes = new ConcurrentHashMap<>();

  private final Object lock = new Object();

  /// By whether in protobuf. Guarded by `lock`.
  private final Map<Boolean, Document> wholes = new HashMap<>();

  /// What else the whole documents are made of. Guarded by `lock`.
  private List<Struct> others = List.of();

  private final Map<Schema, List<Object>> kinds = new LinkedHashMap<>();

  Documents(CatalogSnapshot snapshot) {
    for (Resource resource : snapshot.resources()) {
      versions.computeIfAbsent(resource.groupVersion(), _ -> new ArrayList<>()).add(resource);
      kinds
          .computeIfAbsent(resource.schema(), _ -> new ArrayList<>())
          .add(kind(resource.groupVersion(), resource.kind()));
    }
  }

  private static Struct kind(GroupVersion groupVersion, String kind) {
    return Struct.of(
        "group", groupVersion.group(), "kind", kind, "version", groupVersion.version());
  }

  /// `/openapi/v3`: which documents there are.
  Struct index() {
    Map<String, Struct> paths = new TreeMap<>();
    for (GroupVersion version : versions.keySet()) {
      String path = version.path().substring(1);
      paths.put(
          path, Struct.of("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(version)));
    }
    StructBuilder all = new StructBuilder();
    paths.forEach(all::put);
    return Struct.of("paths", all.build());
  }

  /// What tells the document of a version from other states of it: it changes with what the
  /// document is made of, so that nothing needs to be made only to be compared.
  private String hash(GroupVersion version) {
    return hashes.computeIfAbsent(version, this::hashOfParts);
  }

  private String hashOfParts(GroupVersion version) {
    List<Object> parts = new ArrayList<>();
    for (Resource resource : versions.getOrDefault(version, List.of())) {
      List<Object> below = new ArrayList<>();
      resource.subresources().forEach(each -> below.add(each.toString()));
      Struct described =
          switch (resource.schema()) {
            case StructuralSchema custom -> custom.document();
            case Type _ -> Struct.EMPTY; // which changes with the server alone
          };
      parts.add(
          new StructBuilder()
              .add("plural", resource.plural())
              .add("kind", resource.kind())
              .add("namespaced", resource.namespaced())
              .add("verbs", resource.verbs())
              .add("subresources", below)
              .add("schema", described)
              .build());
    }
    Struct all =
        Struct.of("server", ServerVersion.git(), "version", version.path(), "resources", parts);
    return hash(Json.bytes(all));
  }

  /// The document of one version, or null if there is none.
  ///
  /// @param path as in the index: `apis/apps/v1`
  @Nullable Document find(String path) {
    for (GroupVersion version : versions.keySet()) {
      if (version.path().substring(1).equals(path)) {
        return documents.computeIfAbsent(version, this::make);
      }
    }
    return null;
  }

  /// `/openapi/v2`: the document of all versions together, as old clients want it.
  ///
  /// @param more the documents of other servers
  /// @param protobuf whether in protobuf, not in JSON
  Document whole(List<Struct> more, boolean protobuf) {
    synchronized (lock) {
      if (!areSame(more, others)) {
        wholes.clear();
        others = List.copyOf(more);
      }
      return wholes.computeIfAbsent(protobuf, _ -> makeWhole(more, protobuf));
    }
  }

  /// Whether the very same documents are meant: comparing what stands in them would take long.
  @SuppressWarnings("ReferenceEquality")
  private static boolean areSame(List<Struct> some, List<Struct> others) {
    return some.size() == others.size()
        && IntStream.range(0, some.size()).allMatch(i -> some.get(i) == others.get(i));
  }

  private Document makeWhole(List<Struct> more, boolean protobuf) {
    Schemas schemas = schemas(true);
    StructBuilder paths = new StructBuilder();
    versions.values().forEach(resources -> addPaths(resources, schemas, paths));
    Struct own = Swagger.document(INFO, paths.build(), schemas);
    Struct document = more.isEmpty() ? own : SwaggerMerge.of(own, more);
    byte[] content = protobuf ? SwaggerEncoding.encode(document) : Json.bytes(document);
    return new Document(content, hash(content));
  }

  private Document make(GroupVersion version) {
    Schemas schemas = schemas(false);
    StructBuilder paths = new StructBuilder();
    addPaths(versions.getOrDefault(version, List.of()), schemas, paths);
    Struct document =
        new StructBuilder()
            .add("openapi", "3.0.0")
            .add("info", INFO)
            .add("paths", paths.build())
            .add("components", Struct.of("schemas", schemas.all()))
            .build();
    byte[] json = Json.bytes(document);
    return new Document(json, hash(version));
  }

  /// Descriptions are large and seldom read, so they are held only while a document is made.
  ///
  /// @param forOld whether for OpenAPI v2
  private Schemas schemas(boolean forOld) {
    return new Schemas(
        Descriptions.load(), schema -> List.copyOf(kinds.getOrDefault(schema, List.of())), forOld);
  }

  private static void addPaths(List<Resource> resources, Schemas schemas, StructBuilder paths) {
    Struct status = schemas.add(TypeTable.BUILT_IN.type(META + "Status"));
    Struct deleteOptions = schemas.add(TypeTable.BUILT_IN.type(META + "DeleteOptions"));
    Struct watchEvent = schemas.add(TypeTable.BUILT_IN.type(META + "WatchEvent"));
    for (Resource resource : resources) {
      Struct object = schemas.add(resource.schema());
      Struct list = list(resource, object, schemas);
      Paths.Refs refs = new Paths.Refs(object, list, status, deleteOptions, watchEvent);
      new Paths(resource, refs, schemas::add, paths).add();
    }
  }

  private static Struct list(Resource resource, Struct object, Schemas schemas) {
    List<Object> kinds = List.of(kind(resource.groupVersion(), resource.kind() + "List"));
    return switch (resource.schema()) {
      case StructuralSchema custom ->
          schemas.addList(custom, resource.kind(), resource.plural(), kinds);
      case Type type -> list(type, object, kinds, schemas);
    };
  }

  private static Struct list(Type type, Struct object, List<Object> kinds, Schemas schemas) {
    Struct metadata = schemas.add(TypeTable.BUILT_IN.type(META + "ListMeta"));
    Struct string = Struct.of("type", "string");
    Struct properties =
        new StructBuilder()
            .add("apiVersion", string)
            .add("kind", string)
            .add("metadata", Struct.of("allOf", List.of(metadata), "default", Struct.EMPTY))
            .add("items", Struct.of("type", "array", "items", Struct.of("allOf", List.of(object))))
            .build();
    Struct schema =
        new StructBuilder()
            .add("type", "object")
            .add("properties", properties)
            .add("required", List.of("items"))
            .add("x-kubernetes-group-version-kind", kinds)
            .build();
    return schemas.add(type.name() + "List", schema);
  }

  /// What tells a document from others, and from other states of it.
  static String hash(byte[] content) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-512").digest(content))
          .toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-512", e);
    }
  }
}
