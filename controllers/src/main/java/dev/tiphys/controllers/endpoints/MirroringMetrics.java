package dev.tiphys.controllers.endpoints;

import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The slices that mirror Endpoints, and how they change, under upstream's names
/// (`endpoint_slice_mirroring_controller_…`).
///
/// Threads: any.
public final class MirroringMetrics {

  private static final String PREFIX = "endpoint_slice_mirroring_controller_";

  private final SliceCounts counts = new SliceCounts(PREFIX);
  private final HistogramFamily updated =
      new HistogramFamily(
          PREFIX + "endpoints_updated_per_sync",
          "Places that changed in a look.",
          SliceCounts.PLACES);
  private final HistogramFamily skipped =
      new HistogramFamily(
          PREFIX + "addresses_skipped_per_sync",
          "Addresses that were left out in a look: they are none, or too many.",
          SliceCounts.PLACES);
  private final HistogramFamily span =
      new HistogramFamily(
          PREFIX + "endpoints_sync_duration",
          "How long looks take.",
          Histogram.exponential(0.001, 2, 15));

  /// Counts a look that went well.
  ///
  /// @param present the slices that there were
  /// @param steps what was done
  void looked(ObjectKey key, Mirror mirror, Collection<Struct> present, List<Step> steps) {
    counts.looked(key, mirror.endpoints(), present, steps);
    updated.of().recordSize(steps.stream().mapToInt(MirroringMetrics::updates).sum());
    skipped.of().recordSize(mirror.invalid() + mirror.surplus());
  }

  /// How many places of a slice stay, but differ.
  private static int updates(Step step) {
    if (!(step instanceof Step.Update(Struct slice, List<Struct> endpoints))) {
      return 0;
    }
    Map<List<String>, Struct> before = new HashMap<>();
    slice.structs("endpoints").forEach(each -> before.put(each.strings("addresses"), each));
    int updates = 0;
    for (Struct endpoint : endpoints) {
      Struct known = before.get(endpoint.strings("addresses"));
      updates += known == null || known.equals(endpoint) ? 0 : 1;
    }
    return updates;
  }

  /// A look has ended, well or not.
  ///
  /// @param nanos how long it took
  void took(long nanos) {
    span.of().record(nanos);
  }

  /// Endpoints are gone, or are not mirrored any more.
  void forget(ObjectKey key) {
    counts.forget(key);
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    counts.write(out);
    updated.write(out);
    skipped.write(out);
    span.write(out);
  }
}
