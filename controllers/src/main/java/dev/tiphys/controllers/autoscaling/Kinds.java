package dev.tiphys.controllers.autoscaling;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.object.api.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The resources that autoscalers name by their kinds. Those that most of them name are known;
/// others are asked for.
record Kinds(Api api) {

  private static final List<ApiResource> USUAL =
      List.of(
          ApiResource.DEPLOYMENTS,
          ApiResource.STATEFUL_SETS,
          ApiResource.REPLICA_SETS,
          ApiResource.REPLICATION_CONTROLLERS,
          ApiResource.PODS,
          ApiResource.SERVICES);

  /// @throws MetricException if there is no such kind
  ApiResource find(String group, String kind) throws MetricException {
    for (ApiResource usual : USUAL) {
      if (isOf(usual, group, kind)) {
        return usual;
      }
    }
    ApiResource served = served(group, kind);
    if (served == null) {
      throw new MetricException(
          "no matches for kind \"%s\" in group \"%s\"".formatted(kind, group));
    }
    return served;
  }

  private @Nullable ApiResource served(String group, String kind) throws MetricException {
    try {
      for (ServedResource each : api.discover().known()) {
        if (isOf(each.resource(), group, kind)) {
          return each.resource();
        }
      }
      return null;
    } catch (ApiException e) {
      throw new MetricException(e.message());
    }
  }

  private static boolean isOf(ApiResource resource, String group, String kind) {
    return resource.kind().equals(kind) && resource.groupVersion().group().equals(group);
  }
}
