package dev.tiphys.controllers.autoscaling;

import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What Pods request of a resource, which their usage is a share of. Pure.
final class Requests {

  private Requests() {}

  /// The requests by the Pods' names, in thousandths.
  ///
  /// @param container the only one that counts; empty for the whole Pod
  static Map<String, Long> of(List<Struct> pods, String resource, String container)
      throws MetricException {
    Map<String, Long> requests = new HashMap<>();
    for (Struct pod : pods) {
      boolean whole = container.isEmpty() && !pod.struct("spec", "resources", "requests").isEmpty();
      requests.put(
          Meta.of(pod).name(),
          whole ? ofPod(pod, resource) : ofContainers(pod, resource, container));
    }
    return requests;
  }

  private static long ofPod(Struct pod, String resource) throws MetricException {
    ResourceList requests = PodRequests.of(pod.struct("spec"));
    long amount =
        switch (resource) {
          case "cpu" -> requests.cpu();
          case "memory" -> 1000 * requests.memory();
          case "ephemeral-storage" -> 1000 * requests.ephemeralStorage();
          default -> 1000 * requests.other(resource);
        };
    if (amount == 0) {
      throw new MetricException(
          "missing pod-level request for %s in Pod %s".formatted(resource, Meta.of(pod).name()));
    }
    return amount;
  }

  private static long ofContainers(Struct pod, String resource, String container)
      throws MetricException {
    long sum = 0;
    for (Struct each : running(pod)) {
      String name = each.string("name");
      if (!container.isEmpty() && !container.equals(name)) {
        continue;
      }
      Object request = each.get("resources", "requests", resource);
      if (request == null) {
        throw new MetricException(
            "missing request for %s in container %s of Pod %s"
                .formatted(resource, name, Meta.of(pod).name()));
      }
      sum += Quantity.from(request).milli();
      if (container.equals(name)) {
        return sum;
      }
    }
    if (!container.isEmpty()) {
      throw new MetricException(
          "container %s not found in Pod %s".formatted(container, Meta.of(pod).name()));
    }
    return sum;
  }

  /// The containers that run as long as the Pod does.
  private static List<Struct> running(Struct pod) {
    List<Struct> containers = new ArrayList<>(pod.structs("spec", "containers"));
    for (Struct init : pod.structs("spec", "initContainers")) {
      if (init.string("restartPolicy").equals("Always")) {
        containers.add(init);
      }
    }
    return containers;
  }
}
