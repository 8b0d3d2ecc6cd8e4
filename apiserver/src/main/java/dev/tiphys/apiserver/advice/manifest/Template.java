package dev.tiphys.apiserver.advice.manifest;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A template of Pods, or a Pod. Its parts are found once: dozens of rules look at them.
///
/// Threads: any.
public final class Template {

  private final Place pod;
  private final Place spec;
  private final List<Place> containers;

  /// @param pod with the Pods' metadata and spec
  public Template(Place pod) {
    this.pod = pod;
    this.spec = pod.at("spec");
    List<Place> all = new ArrayList<>(spec.items("initContainers"));
    all.addAll(spec.items("containers"));
    this.containers = List.copyOf(all);
  }

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

  /// The Pods' metadata and spec.
  public Place pod() {
    return pod;
  }

  public Place spec() {
    return spec;
  }

  /// All containers, those that only begin among them.
  public List<Place> containers() {
    return containers;
  }

  /// Whether a container has a port of a name.
  public boolean hasPort(String name) {
    return containers().stream()
        .flatMap(container -> container.object().structs("ports").stream())
        .anyMatch(port -> port.string("name").equals(name));
  }
}
