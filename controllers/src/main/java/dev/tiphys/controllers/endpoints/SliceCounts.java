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

/// What the controllers that keep slices tell alike: how many there are, and how they change.
///
/// Threads: any.
final class SliceCounts {

  /// The bounds for numbers of places.
  static final double[] PLACES = Histogram.exponential(2, 2, 15);

  private final CounterFamily changes;
  private final HistogramFamily added;
  private final HistogramFamily removed;
  private final GaugeFamily slices;
  private final GaugeFamily fewest;
  private final GaugeFamily places;
  private final Map<ObjectKey, Known> known = new ConcurrentHashMap<>();

  /// What was found at a look.
  private record Known(int slices, int fewest, int places) {}

  /// @param prefix with which the names of a controller begin
  SliceCounts(String prefix) {
    changes = new CounterFamily(prefix + "changes", "Changes of slices.", "operation");
    added =
        new HistogramFamily(
            prefix + "endpoints_added_per_sync", "Places that came in a look.", PLACES);
    removed =
        new HistogramFamily(
            prefix + "endpoints_removed_per_sync", "Places that went in a look.", PLACES);
    slices = new GaugeFamily(prefix + "num_endpoint_slices", "The slices there are.");
    fewest =
        new GaugeFamily(
            prefix + "desired_endpoint_slices", "The slices that would do if all were full.");
    places = new GaugeFamily(prefix + "endpoints_desired", "The places that slices are to hold.");
  }

  /// Counts a look. Returns how many slices it changed.
  ///
  /// @param wanted the places of each group
  /// @param present the slices that there were
  /// @param steps what was done
  int looked(
      ObjectKey key,
      Map<Group, List<Struct>> wanted,
      Collection<Struct> present,
      List<Step> steps) {
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
    int full =
        wanted.values().stream()
            .mapToInt(each -> Math.max(1, Math.ceilDiv(each.size(), SlicePlan.LARGEST)))
            .sum();
    known.put(key, new Known(all, full, now));
    return different;
  }

  /// There are no slices of a Service any more.
  void forget(ObjectKey key) {
    known.remove(key);
  }

  private int sum(ToIntFunction<Known> part) {
    return known.values().stream().mapToInt(part).sum();
  }

  void write(Exposition out) {
    changes.write(out);
    added.write(out);
    removed.write(out);
    slices.write(out, Map.of(List.of(), sum(Known::slices)));
    fewest.write(out, Map.of(List.of(), sum(Known::fewest)));
    places.write(out, Map.of(List.of(), sum(Known::places)));
  }
}
