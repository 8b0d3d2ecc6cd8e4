package dev.tiphys.monitoring.adapter;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which metrics there are, as it was found at one time.
///
/// @param kinds the resources of the cluster then
/// @param ofObjects where the values of metrics of objects come from
/// @param external where those of other metrics do, by their names
record Directory(Kinds kinds, Map<Metric, Source> ofObjects, Map<String, Source> external) {

  static final Directory EMPTY = new Directory(new Kinds(List.of()), Map.of(), Map.of());

  Directory {
    ofObjects = Map.copyOf(ofObjects);
    external = Map.copyOf(external);
  }

  /// A metric of the objects of a resource.
  ///
  /// @param namespaced whether its series name the objects' namespace
  record Metric(ApiResource resource, boolean namespaced, String name) {}

  /// Where values come from.
  ///
  /// @param series the name of the series that the rule is to ask for
  record Source(Rule rule, ResourceLabels labels, String series) {}

  @Nullable Source find(ApiResource resource, boolean namespaced, String name) {
    return ofObjects.get(new Metric(resource, namespaced, name));
  }

  /// A rule, and the series it has selected.
  ///
  /// @param series their labels
  record Selected(Rule rule, Collection<Struct> series) {}

  /// Where two rules tell of the same metric, the later one counts.
  static Directory of(Kinds kinds, List<Selected> ofObjects, List<Selected> external) {
    Map<Metric, Source> metrics = new LinkedHashMap<>();
    for (Selected each : ofObjects) {
      ResourceLabels labels = ResourceLabels.of(each.rule.resources(), kinds).labels();
      for (Struct series : each.series) {
        String name = series.string("__name__");
        each.rule
            .metric(name)
            .ifPresent(
                metric -> {
                  Source source = new Source(each.rule, labels, name);
                  named(series, labels)
                      .forEach(
                          resource ->
                              metrics.put(
                                  new Metric(
                                      resource,
                                      !resource.equals(ApiResource.NAMESPACES)
                                          && has(series, labels.ofNamespaces()),
                                      metric),
                                  source));
                });
      }
    }
    Map<String, Source> others = new TreeMap<>();
    for (Selected each : external) {
      ResourceLabels labels = ResourceLabels.of(each.rule.resources(), kinds).labels();
      for (Struct series : each.series) {
        String name = series.string("__name__");
        each.rule
            .metric(name)
            .ifPresent(metric -> others.put(metric, new Source(each.rule, labels, name)));
      }
    }
    return new Directory(kinds, metrics, others);
  }

  private static boolean has(Struct series, String label) {
    return !series.string(label).isEmpty();
  }

  /// The resources of the objects that a series names.
  private static List<ApiResource> named(Struct series, ResourceLabels labels) {
    List<ApiResource> found = new ArrayList<>();
    for (String label : series.names()) {
      ApiResource resource = labels.resource(label);
      if (resource != null && has(series, label)) {
        found.add(resource);
      }
    }
    return found;
  }
}
