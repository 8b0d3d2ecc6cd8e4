package dev.tiphys.monitoring.selection;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects of the cluster that monitoring is made of, as they are known here.
///
/// Threads: any.
///
/// @param kinds of the objects of this group
/// @param around those that they refer to, or select
public record Objects(Informers kinds, Informers around) {

  /// About all objects of a kind of this group.
  public Informer kind(ApiResource resource) {
    return kinds.of(resource);
  }

  public Informer prometheuses() {
    return kinds.of(MonitoringResources.PROMETHEUSES);
  }

  /// About all objects of another kind.
  public Informer around(ApiResource resource) {
    return around.of(resource);
  }

  /// Every Prometheus, by name.
  public List<Prometheus> allPrometheuses() {
    return prometheuses().list().stream()
        .map(Prometheus::new)
        .sorted(Comparator.comparing(Prometheus::key))
        .toList();
  }

  public @Nullable Monitor find(Monitor.Id id) {
    Struct object = kind(id.resource()).find(id.key());
    return object == null ? null : new Monitor(id.resource(), object);
  }

  /// The objects that a Prometheus selects, in their order.
  ///
  /// @throws IllegalArgumentException if a selector cannot be read
  public List<Monitor> selectedBy(Prometheus prometheus) {
    Selection selection = selectionOf(prometheus);
    List<Monitor> all = new ArrayList<>();
    for (ApiResource resource : MonitoringResources.ALL) {
      for (Struct object : kind(resource).list()) {
        Monitor monitor = new Monitor(resource, object);
        if (selection.takes(monitor)) {
          all.add(monitor);
        }
      }
    }
    all.sort(Monitor.ORDER);
    return all;
  }

  /// What a Prometheus selects.
  public Selection selectionOf(Prometheus prometheus) {
    return new Selection(
        prometheus, name -> around(ApiResource.NAMESPACES).find(new ObjectKey("", name)));
  }

  /// What objects refer to.
  public Sources sources() {
    return new Sources(
        key -> around(ApiResource.SECRETS).find(key),
        key -> around(ApiResource.CONFIG_MAPS).find(key));
  }
}
