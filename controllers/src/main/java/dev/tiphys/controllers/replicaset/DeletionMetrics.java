package dev.tiphys.controllers.replicaset;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// How old the Pods are that go when there are too many, under upstream's name
/// (`replicaset_controller_sorting_deletion_age_ratio`).
///
/// Threads: any.
public final class DeletionMetrics {

  private final HistogramFamily ratio =
      new HistogramFamily(
          "replicaset_controller_sorting_deletion_age_ratio",
          "How many times as old as the youngest ready Pod those are that go, in whole numbers.",
          Histogram.exponential(0.25, 2, 6));

  /// Counts the choice of some of several Pods. Only those that are ready count.
  void chosen(List<Struct> going, Collection<Struct> all, Instant now) {
    Instant youngest =
        all.stream()
            .filter(Pods::isReady)
            .map(pod -> Meta.of(pod).created())
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
    if (youngest == null) {
      return;
    }
    long least = Math.max(1, Duration.between(youngest, now).toMillis());
    for (Struct pod : going) {
      Instant created = Meta.of(pod).created();
      if (created != null && Pods.isReady(pod)) {
        ratio.of().recordSize(Duration.between(created, now).toMillis() / least);
      }
    }
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    ratio.write(out);
  }
}
