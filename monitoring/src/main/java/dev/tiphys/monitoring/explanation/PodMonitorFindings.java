package dev.tiphys.monitoring.explanation;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What keeps a PodMonitor from having targets.
///
/// @param objects those of the cluster
record PodMonitorFindings(Objects objects) {

  /// The Pods that it selects.
  List<Struct> selected(Monitor monitor) {
    LabelSelector selector = LabelSelector.from(monitor.spec().struct("selector"));
    Set<String> namespaces = Namespaces.of(monitor);
    return objects.around(ApiResource.PODS).list().stream()
        .filter(each -> Namespaces.contain(namespaces, each))
        .filter(each -> selector.matches(Meta.of(each).labels()))
        .sorted(Comparator.comparing(ObjectKey::of))
        .toList();
  }

  List<Finding> of(Monitor monitor) {
    List<Struct> pods = selected(monitor);
    if (pods.isEmpty()) {
      return List.of(nothing(monitor));
    }
    List<Finding> all = new ArrayList<>();
    List<Struct> endpoints = monitor.spec().structs("podMetricsEndpoints");
    if (endpoints.isEmpty()) {
      all.add(new Finding("NoEndpoints", "spec.podMetricsEndpoints is empty: nothing is scraped"));
    }
    for (Struct each : endpoints) {
      ports(each, pods).ifPresent(all::add);
    }
    return all;
  }

  private Finding nothing(Monitor monitor) {
    Struct selector = monitor.spec().struct("selector");
    Set<String> namespaces = Namespaces.of(monitor);
    String nearest =
        new Nearest(selector, namespaces)
            .among(objects.around(ApiResource.PODS).list())
            .map(each -> "; nearest: " + each)
            .orElse("");
    return new Finding(
        "NoPods",
        "0 Pods match %s in %s%s%s"
            .formatted(
                Texts.selector(selector),
                Namespaces.said(namespaces),
                Namespaces.missing(namespaces, objects)
                    .map(each -> ", which is not there: " + each)
                    .orElse(""),
                nearest));
  }

  private static Optional<Finding> ports(Struct endpoint, List<Struct> pods) {
    String wanted = endpoint.string("port");
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Set<String> known = new TreeSet<>();
    for (Struct pod : pods) {
      for (Struct container : pod.structs("spec", "containers")) {
        for (Struct port : container.structs("ports")) {
          String name = port.string("name");
          if (name.equals(wanted)) {
            return Optional.empty();
          }
          long number = port.integer("containerPort");
          known.add(name.isEmpty() ? number + " (no name)" : name + " (" + number + ")");
        }
      }
    }
    return Optional.of(
        new Finding(
            "NoSuchPort",
            "no Pod that is selected has a port named %s; they have: %s"
                .formatted(wanted, known.isEmpty() ? "none" : String.join(", ", known))));
  }
}
