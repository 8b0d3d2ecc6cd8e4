package dev.tiphys.apiserver.advice.manifest;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A template of Pods, or a Pod.
///
/// @param pod with the Pods' metadata and spec
public record Template(Place pod) {

  /// The template in an object; null if objects of the resource have none.
  public static @Nullable Template of(String resource, Struct object) {
    Place whole = new Place(object, "");
    return switch (resource) {
      case "pods" -> new Template(whole);
      case "cronjobs.batch" -> new Template(whole.at("spec", "jobTemplate", "spec", "template"));
      case "deployments.apps",
          "statefulsets.apps",
          "daemonsets.apps",
          "replicasets.apps",
          "replicationcontrollers",
          "jobs.batch" ->
          new Template(whole.at("spec", "template"));
      default -> null;
    };
  }

  public Struct labels() {
    return pod.object().struct("metadata", "labels");
  }

  public Place spec() {
    return pod.at("spec");
  }

  /// All containers, those that only begin among them.
  public List<Place> containers() {
    List<Place> all = new ArrayList<>(spec().items("initContainers"));
    all.addAll(spec().items("containers"));
    return all;
  }

  /// Whether a container has a port of a name.
  public boolean hasPort(String name) {
    return containers().stream()
        .flatMap(container -> container.object().structs("ports").stream())
        .anyMatch(port -> port.string("name").equals(name));
  }
}
