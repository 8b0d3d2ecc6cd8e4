package dev.tiphys.controllers.endpoints;

import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// The slices of Services, and how they change, under upstream's names
/// (`endpoint_slice_controller_…`).
///
/// Threads: any.
public final class EndpointSliceMetrics {

  private static final String PREFIX = "endpoint_slice_controller_";
  private static final String DISTRIBUTION = "traffic_distribution";
  private static final double[] PLACES = Histogram.exponential(2, 2, 15);
  private static final double[] SLICES = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  private final CounterFamily looks =
      new CounterFamily(PREFIX + "syncs", "Looks at Services.", "result");
  private final CounterFamily changes =
      new CounterFamily(PREFIX + "changes", "Changes of slices.", "operation");
  private final HistogramFamily added =
      new HistogramFamily(
          PREFIX + "endpoints_added_per_sync", "Places that came in a look.", PLACES);
  private final HistogramFamily removed =
      new HistogramFamily(
          PREFIX + "endpoints_removed_per_sync", "Places that went in a look.", PLACES);
  private final HistogramFamily changed =
      new HistogramFamily(
          PREFIX + "endpointslices_changed_per_sync",
          "Slices that changed in a look.",
          SLICES,
          "topology",
          DISTRIBUTION);
  private final GaugeFamily slices =
      new GaugeFamily(PREFIX + "num_endpoint_slices", "The slices there are.");
  private final GaugeFamily fewest =
      new GaugeFamily(
          PREFIX + "desired_endpoint_slices", "The slices that would do if all were full.");
  private final GaugeFamily places =
      new GaugeFamily(PREFIX + "endpoints_desired", "The places that slices are to hold.");
  private final GaugeFamily distributions =
      new GaugeFamily(
          PREFIX + "services_count_by_traffic_distribution",
          "Services that say where their traffic is to go.",
          DISTRIBUTION);

  private final Map<ObjectKey, Known> services = new ConcurrentHashMap<>();

  /// What was found at a look.
  private record Known(int slices, int fewest, int places, String distribution) {}

  /// Counts a look that went well.
  ///
  /// @param wanted the places of each group
  /// @param present the slices that there were
  /// @param steps what was done
  void looked(
      ObjectKey key,
      Struct service,
      Map<Group, List<Struct>> wanted,
      Collection<Struct> present,
      List<Step> steps) {
    looks.count("success");
    String distribution = service.string("spec", "trafficDistribution");
    int all = present.size();
    int different = 0;
    for (Step step : steps) {
      String operation =
          switch (step) {
            case Step.Create _ -> "create";
            case Step.Update(Struct slice, List<Struct> endpoints) ->
                slice.structs("endpoints").equals(endpoints) ? "" : "update";
            case Step.Delete _ -> "delete";
          };
      if (!operation.isEmpty()) {
        changes.count(operation);
        different++;
      }
      all += operation.equals("create") ? 1 : operation.equals("delete") ? -1 : 0;
    }
    int now = wanted.values().stream().mapToInt(List::size).sum();
    int before = present.stream().mapToInt(slice -> slice.list("endpoints").size()).sum();
    added.of().recordSize(Math.max(0, now - before));
    removed.of().recordSize(Math.max(0, before - now));
    changed.of(topology(service), distribution).recordSize(different);
    int full =
        wanted.values().stream()
            .mapToInt(each -> Math.max(1, Math.ceilDiv(each.size(), SlicePlan.LARGEST)))
            .sum();
    services.put(key, new Known(all, full, now, distribution));
  }

  private static String topology(Struct service) {
    return HintedServices.asks(service) ? "Auto" : "Disabled";
  }

  /// Counts a look that failed.
  void failed() {
    looks.count("error");
  }

  /// A Service is gone, or has no slices of its own any more.
  void forget(ObjectKey key) {
    services.remove(key);
  }

  private int sum(ToIntFunction<Known> part) {
    return services.values().stream().mapToInt(part).sum();
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    looks.write(out);
    changes.write(out);
    added.write(out);
    removed.write(out);
    changed.write(out);
    slices.write(out, Map.of(List.of(), sum(Known::slices)));
    fewest.write(out, Map.of(List.of(), sum(Known::fewest)));
    places.write(out, Map.of(List.of(), sum(Known::places)));
    distributions.write(
        out,
        services.values().stream()
            .map(Known::distribution)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.groupingBy(List::of, Collectors.counting())));
  }
}
