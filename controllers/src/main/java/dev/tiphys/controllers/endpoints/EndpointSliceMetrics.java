package dev.tiphys.controllers.endpoints;

import dev.tiphys.controllers.endpoints.SlicePlan.Group;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The slices of Services, and how they change, under upstream's names
/// (`endpoint_slice_controller_…`).
///
/// Threads: any.
public final class EndpointSliceMetrics {

  private static final String PREFIX = "endpoint_slice_controller_";
  private static final String DISTRIBUTION = "traffic_distribution";
  private static final double[] SLICES = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  private final SliceCounts counts = new SliceCounts(PREFIX);
  private final CounterFamily looks =
      new CounterFamily(PREFIX + "syncs", "Looks at Services.", "result");
  private final HistogramFamily changed =
      new HistogramFamily(
          PREFIX + "endpointslices_changed_per_sync",
          "Slices that changed in a look.",
          SLICES,
          "topology",
          DISTRIBUTION);
  private final GaugeFamily distributions =
      new GaugeFamily(
          PREFIX + "services_count_by_traffic_distribution",
          "Services that say where their traffic is to go.",
          DISTRIBUTION);

  private final Map<ObjectKey, String> distributionOf = new ConcurrentHashMap<>();

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
    int different = counts.looked(key, wanted, present, steps);
    changed.of(topology(service), distribution).recordSize(different);
    distributionOf.put(key, distribution);
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
    counts.forget(key);
    distributionOf.remove(key);
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    looks.write(out);
    counts.write(out);
    changed.write(out);
    distributions.write(
        out,
        distributionOf.values().stream()
            .filter(each -> !each.isEmpty())
            .collect(Collectors.groupingBy(List::of, Collectors.counting())));
  }
}
