package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The requests for devices that the containers of a Pod make as extended resources. A container
/// that ends before others begin uses the devices of those that come later.
///
/// Threads: one.
final class ExtendedRequests {

  private final List<Container> containers = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Struct> mappings = new ArrayList<>();

  /// @param brief whether it ends before others begin
  private record Container(int index, String name, Struct requests, boolean brief) {

    long amount(String resource) {
      return requests.has(resource) ? Quantity.from(requests.get(resource)).units() : 0;
    }

    /// The name of the request for one of its resources.
    String request(String resource) {
      return "container-" + index + "-request-" + requests.names().indexOf(resource);
    }
  }

  private record Request(String name, String deviceClass, long count) {

    Struct struct() {
      Struct exactly =
          Struct.of("allocationMode", "ExactCount", "count", count, "deviceClassName", deviceClass);
      return Struct.of("exactly", exactly, "name", name);
    }
  }

  /// @param spec of the Pod
  ExtendedRequests(Struct spec) {
    for (String list : List.of("initContainers", "containers")) {
      for (Struct container : spec.structs(list)) {
        boolean sidecar = container.string("restartPolicy").equals("Always");
        containers.add(
            new Container(
                containers.size(),
                container.string("name"),
                container.struct("resources", "requests"),
                list.equals("initContainers") && !sidecar));
      }
    }
  }

  /// Adds what the containers ask for of one resource.
  void add(String resource, String deviceClass) {
    @Nullable Request[] lasting = new Request[containers.size()];
    for (Container container : containers) {
      long amount = container.amount(resource);
      if (!container.brief && amount > 0) {
        Request request = new Request(container.request(resource), deviceClass, amount);
        lasting[container.index] = request;
        requests.add(request);
        map(container, resource, request.name);
      }
    }
    addBrief(resource, deviceClass, lasting);
  }

  /// Those that end share one request for what they need beyond the devices of others: the largest.
  private void addBrief(String resource, String deviceClass, @Nullable Request[] lasting) {
    Request largest = null;
    Set<String> replaced = new HashSet<>();
    List<Struct> own = new ArrayList<>();
    for (Container container : containers) {
      long lacking = container.brief ? container.amount(resource) : 0;
      for (int i = container.index; i < lasting.length && lacking > 0; i++) {
        Request later = lasting[i];
        if (later != null) {
          own.add(mapping(container, resource, later.name));
          lacking -= later.count;
        }
      }
      if (lacking > 0) {
        Request request = new Request(container.request(resource), deviceClass, lacking);
        own.add(mapping(container, resource, request.name));
        replaced.add(request.name);
        largest = largest == null || largest.count < request.count ? request : largest;
      }
    }
    if (largest == null) {
      mappings.addAll(own);
      return;
    }
    requests.add(largest);
    for (Struct mapping : own) {
      boolean renamed = replaced.contains(mapping.string("requestName"));
      mappings.add(renamed ? mapping.with("requestName", largest.name) : mapping);
    }
  }

  private void map(Container container, String resource, String request) {
    mappings.add(mapping(container, resource, request));
  }

  private static Struct mapping(Container container, String resource, String request) {
    return new StructBuilder()
        .add("containerName", container.name)
        .add("requestName", request)
        .add("resourceName", resource)
        .build();
  }

  List<Struct> requests() {
    return requests.stream()
        .sorted(Comparator.comparing(Request::name))
        .map(Request::struct)
        .toList();
  }

  /// Which container's resources are which requests.
  List<Struct> mappings() {
    return List.copyOf(mappings);
  }
}
