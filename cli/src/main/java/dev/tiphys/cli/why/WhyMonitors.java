package dev.tiphys.cli.why;

import dev.tiphys.cli.roles.LedPart;
import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.Monitoring;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// What `tiphys why` tells of ServiceMonitors and PodMonitors, as JSON:
/// `/why/namespaces/NAMESPACE/servicemonitors/NAME`.
///
/// @param part what keeps Prometheus
public record WhyMonitors(LedPart<Monitoring> part) implements Function<String, Optional<Struct>> {

  private static final int PARTS = 6;

  /// Absent if there is no such path.
  ///
  /// @throws ApiException if there is no such object
  @Override
  public Optional<Struct> apply(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length != PARTS || !parts[1].equals("why") || !parts[2].equals("namespaces")) {
      return Optional.empty();
    }
    Optional<ApiResource> resource =
        MonitoringResources.ALL.stream().filter(each -> each.plural().equals(parts[4])).findFirst();
    if (resource.isEmpty()) {
      return Optional.empty();
    }
    AtomicReference<Optional<Struct>> answer = new AtomicReference<>(Optional.empty());
    part.with(
        monitoring -> answer.set(monitoring.explanation().of(resource.get(), parts[3], parts[5])));
    return Optional.of(
        answer.get().orElseThrow(() -> ApiException.notFound(resource.get().toString(), parts[5])));
  }
}
