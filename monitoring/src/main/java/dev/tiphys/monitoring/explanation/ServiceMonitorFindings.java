package dev.tiphys.monitoring.explanation;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ObjectIndex;
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

/// What keeps a ServiceMonitor from having targets.
///
/// Threads: any.
final class ServiceMonitorFindings {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Objects objects;
  private final ObjectIndex slices;

  /// No informer is started yet.
  ServiceMonitorFindings(Objects objects) {
    this.objects = objects;
    this.slices =
        objects
            .around(ApiResource.ENDPOINT_SLICES)
            .index(
                slice ->
                    List.of(
                        new ObjectKey(
                                Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME))
                            .toString()));
  }

  /// The Services that it selects.
  List<Struct> selected(Monitor monitor) {
    LabelSelector selector = LabelSelector.from(monitor.spec().struct("selector"));
    Set<String> namespaces = Namespaces.of(monitor);
    return objects.around(ApiResource.SERVICES).list().stream()
        .filter(each -> Namespaces.contain(namespaces, each))
        .filter(each -> selector.matches(Meta.of(each).labels()))
        .sorted(Comparator.comparing(ObjectKey::of))
        .toList();
  }

  List<Finding> of(Monitor monitor) {
    List<Struct> services = selected(monitor);
    if (services.isEmpty()) {
      return List.of(nothing(monitor));
    }
    List<Finding> all = new ArrayList<>();
    List<Struct> endpoints = monitor.spec().structs("endpoints");
    if (endpoints.isEmpty()) {
      all.add(new Finding("NoEndpoints", "spec.endpoints is empty: nothing is scraped"));
    }
    for (Struct each : endpoints) {
      ports(each, services).ifPresent(all::add);
    }
    if (all.isEmpty()) {
      List<String> without =
          services.stream()
              .filter(each -> addresses(each) == 0)
              .map(each -> ObjectKey.of(each).toString())
              .toList();
      if (without.size() == services.size()) {
        all.add(
            new Finding(
                "NoAddresses",
                "%s without endpoints: %s"
                    .formatted(
                        without.size() == 1 ? "a Service" : without.size() + " Services",
                        Texts.some(without))));
      }
    }
    return all;
  }

  private Finding nothing(Monitor monitor) {
    Struct selector = monitor.spec().struct("selector");
    Set<String> namespaces = Namespaces.of(monitor);
    Optional<String> missing = Namespaces.missing(namespaces, objects);
    String nearest =
        new Nearest(selector, namespaces)
            .among(objects.around(ApiResource.SERVICES).list())
            .map(each -> "; nearest: " + each)
            .orElse("");
    return new Finding(
        "NoServices",
        "0 Services match %s in %s%s%s"
            .formatted(
                Texts.selector(selector),
                Namespaces.said(namespaces),
                missing.map(each -> ", which is not there: " + each).orElse(""),
                nearest));
  }

  private static Optional<Finding> ports(Struct endpoint, List<Struct> services) {
    String wanted = endpoint.string("port");
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Set<String> known = new TreeSet<>();
    String hint = "";
    for (Struct service : services) {
      for (Struct port : service.structs("spec", "ports")) {
        String name = port.string("name");
        if (name.equals(wanted)) {
          return Optional.empty();
        }
        long number = port.integer("port");
        known.add(name.isEmpty() ? number + " (no name)" : name + " (" + number + ")");
        if (Long.toString(number).equals(wanted)) {
          hint = "; port takes the name of a Service's port, not its number";
        }
      }
    }
    return Optional.of(
        new Finding(
            "NoSuchPort",
            "no Service that is selected has a port named %s; they have: %s%s"
                .formatted(wanted, known.isEmpty() ? "none" : String.join(", ", known), hint)));
  }

  private int addresses(Struct service) {
    return slices.with(ObjectKey.of(service).toString()).stream()
        .mapToInt(each -> each.list("endpoints").size())
        .sum();
  }
}
