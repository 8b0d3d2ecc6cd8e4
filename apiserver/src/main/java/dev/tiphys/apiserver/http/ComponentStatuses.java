package dev.tiphys.apiserver.http;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import java.util.List;

/// The parts of a cluster as old clients ask for them: all of them are in order as long as this
/// server is.
///
/// @param health whether it is
record ComponentStatuses(Health health) {

  private static final List<String> COMPONENTS =
      List.of("scheduler", "controller-manager", "etcd-0");

  /// The status of one part, or the list of all if `name` is empty.
  Struct find(String name) {
    List<Struct> all = COMPONENTS.stream().map(this::component).toList();
    return name.isEmpty()
        ? new StructBuilder()
            .add("kind", "ComponentStatusList")
            .add("apiVersion", "v1")
            .add("metadata", Struct.EMPTY)
            .add("items", all)
            .build()
        : all.stream()
            .filter(each -> each.string("metadata", "name").equals(name))
            .findFirst()
            .map(each -> each.with("kind", "ComponentStatus").with("apiVersion", "v1"))
            .orElseThrow(() -> ApiException.notFound("componentstatuses", name));
  }

  private Struct component(String name) {
    String status = health.isReady() ? "True" : "False";
    return Struct.of(
        "metadata",
        Struct.of("name", name),
        "conditions",
        List.of(Struct.of("type", "Healthy", "status", status, "message", "ok")));
  }
}
