package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.media.ObjectEncoder;
import dev.tiphys.apiserver.http.media.Representations;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.http.query.QueryOptions;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.table.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.Resource;
import java.util.List;

/// The parts of a cluster as old clients ask for them: all of them are in order as long as this
/// server is.
///
/// Threads: any.
///
/// @param health whether it is
record ComponentStatuses(Health health, Tables tables) {

  private static final List<String> COMPONENTS =
      List.of("scheduler", "controller-manager", "etcd-0");

  /// Answers with the status of one part, or with the list of all if `name` is empty.
  void answer(
      Resource resource, String name, ResponseWriter response, Call call, Parameters parameters) {
    call.warnUnlessEmpty(resource.deprecation());
    (name.isEmpty() ? Representations.COLLECTION : Representations.OBJECT)
        .checkAcceptable(response.exchange());
    Negotiation wanted = Negotiation.of(response.exchange().header("accept"), true);
    List<Struct> found = name.isEmpty() ? all() : List.of(one(name));
    String version = wanted.shapeVersion();
    Struct shown =
        switch (wanted.shape()) {
          case OBJECT ->
              name.isEmpty() ? list("v1", "ComponentStatusList", found) : found.getFirst();
          case TABLE ->
              tables.ofTrees(resource, found, QueryOptions.includeObject(parameters), version);
          case METADATA -> metadata(name, found, version);
        };
    response.sendTree(200, shown, wanted.format(), call.warnings());
  }

  private static Struct metadata(String name, List<Struct> found, String version) {
    List<Struct> shown = found.stream().map(each -> ObjectEncoder.metadata(each, version)).toList();
    return name.isEmpty()
        ? list("meta.k8s.io/" + version, "PartialObjectMetadataList", shown)
        : shown.getFirst();
  }

  private static Struct list(String apiVersion, String kind, List<Struct> items) {
    return new StructBuilder()
        .add("kind", kind)
        .add("apiVersion", apiVersion)
        .add("metadata", Struct.EMPTY)
        .add("items", items)
        .build();
  }

  private List<Struct> all() {
    return COMPONENTS.stream().map(this::component).toList();
  }

  private Struct one(String name) {
    if (!COMPONENTS.contains(name)) {
      throw ApiException.notFound("componentstatuses", name);
    }
    return component(name).with("kind", "ComponentStatus").with("apiVersion", "v1");
  }

  private Struct component(String name) {
    boolean ready = health.isReady();
    Struct condition =
        Struct.of(
            "type", "Healthy",
            "status", ready ? "True" : "False",
            "message", ready ? "ok" : "the API server is not ready");
    return Struct.of("metadata", Struct.of("name", name), "conditions", List.of(condition));
  }
}
