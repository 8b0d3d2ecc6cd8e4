package dev.tiphys.apiserver.metrics;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which groups that other servers have can't be passed on to, as their APIServices say.
///
/// @param catalog the resources
record AggregationMetrics(Catalog catalog) {

  private static final GaugeFamily UNAVAILABLE =
      new GaugeFamily(
          "aggregator_unavailable_apiservice",
          "1 for an APIService that is not available, or else 0.",
          "name");

  void write(Exposition out) {
    Map<List<String>, Integer> values =
        new TreeMap<>((a, b) -> a.getFirst().compareTo(b.getFirst()));
    try {
      catalog
          .registry("apiregistration.k8s.io", "apiservices")
          .list(ListQuery.everything())
          .items()
          .forEach(
              stored -> {
                Struct service = stored.object();
                boolean available = Meta.isTrue(service, "Available");
                values.put(List.of(Meta.of(service).name()), available ? 0 : 1);
              });
    } catch (ApiException e) {
      return; // the store does not answer: then nothing is known of them
    }
    UNAVAILABLE.write(out, values);
  }
}
