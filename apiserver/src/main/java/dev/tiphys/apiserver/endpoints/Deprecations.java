package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.schema.Resource;
import java.util.Map;

/// Warns callers of resources that have a successor.
public final class Deprecations {

  private static final Map<String, String> TEXTS =
      Map.of(
          "componentstatuses.v1.",
          "v1 ComponentStatus is deprecated in v1.19+",
          "endpoints.v1.",
          "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");

  private Deprecations() {}

  public static void warn(Call call, Resource resource) {
    String text = TEXTS.get(resource.toString());
    if (text != null) {
      call.warn(text);
    }
  }
}
