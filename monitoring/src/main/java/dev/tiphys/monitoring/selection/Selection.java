package dev.tiphys.monitoring.selection;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which objects a Prometheus takes.
///
/// A selector that is left out takes none; an empty one takes all. For namespaces, one that is left
/// out means the namespace of the Prometheus alone.
///
/// @param prometheus whose selectors they are
/// @param namespaces gives Namespaces by name; null for one that is not there
public record Selection(Prometheus prometheus, Function<String, @Nullable Struct> namespaces) {

  /// What the fields of the selectors begin with, by kind.
  private static final Map<String, String> FIELDS =
      Map.of(
          "ServiceMonitor", "serviceMonitor",
          "PodMonitor", "podMonitor",
          "Probe", "probe",
          "ScrapeConfig", "scrapeConfig",
          "PrometheusRule", "rule");

  /// @throws IllegalArgumentException if the selector cannot be read
  public boolean takes(Monitor monitor) {
    return whyNot(monitor).isEmpty();
  }

  /// Why an object is not taken; empty if it is.
  ///
  /// @throws IllegalArgumentException if a selector cannot be read
  public String whyNot(Monitor monitor) {
    Struct spec = prometheus.spec();
    String field = field(monitor.resource()) + "Selector";
    if (!spec.has(field)) {
      return "it takes none, since it has no " + field;
    }
    String scope = field(monitor.resource()) + "NamespaceSelector";
    String namespace = monitor.namespace();
    if (!spec.has(scope)) {
      if (!namespace.equals(prometheus.key().namespace())) {
        return "it takes those of its own namespace alone, since it has no " + scope;
      }
    } else if (!LabelSelector.from(spec.struct(scope)).matches(labels(namespace))) {
      return "its %s (%s) does not match namespace %s"
          .formatted(scope, LabelSelector.from(spec.struct(scope)), namespace);
    }
    LabelSelector selector = LabelSelector.from(spec.struct(field));
    return selector.matches(Meta.of(monitor.object()).labels())
        ? ""
        : "its %s (%s) does not match".formatted(field, selector);
  }

  private Struct labels(String namespace) {
    Struct found = namespaces.apply(namespace);
    return found == null ? Struct.EMPTY : Meta.of(found).labels();
  }

  private static String field(ApiResource resource) {
    return FIELDS.getOrDefault(resource.kind(), "");
  }
}
