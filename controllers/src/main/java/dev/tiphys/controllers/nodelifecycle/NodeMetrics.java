package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.client.Informer;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.object.Struct;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How the nodes of each zone are, under upstream's names (`node_collector_…`): those that the
/// controller knows that was made last.
///
/// Threads: any.
public final class NodeMetrics {

  private static final String PREFIX = "node_collector_";
  private static final String ZONE = "zone";
  private static final Comparator<List<String>> BY_NAME = Comparator.comparing(List::getFirst);

  private final CounterFamily evictions =
      new CounterFamily(
          PREFIX + "evictions_total", "Nodes that were told to evict their Pods.", ZONE);
  private final HistogramFamily each =
      new HistogramFamily(
          PREFIX + "update_node_health_duration_seconds",
          "How long a look at the health of a node took.",
          Histogram.exponential(0.001, 4, 8));
  private final HistogramFamily all =
      new HistogramFamily(
          PREFIX + "update_all_nodes_health_duration_seconds",
          "How long a look at the health of all nodes took.",
          Histogram.exponential(0.01, 4, 8));
  private final GaugeFamily sizes =
      new GaugeFamily(PREFIX + "zone_size", "The nodes of a zone.", ZONE);
  private final GaugeFamily healths =
      new GaugeFamily(
          PREFIX + "zone_health", "How many of a hundred nodes of a zone are ready.", ZONE);
  private final GaugeFamily unhealthy =
      new GaugeFamily(
          PREFIX + "unhealthy_nodes_in_zone", "The nodes of a zone that are not ready.", ZONE);

  private volatile @Nullable Informer nodes;

  /// Tells of the nodes that an informer knows from now on.
  void count(Informer known) {
    nodes = known;
  }

  /// Counts a node whose Pods are to go.
  void evicted(Struct node) {
    evictions.count(Zones.nameOf(node));
  }

  /// Counts a look at one node.
  void looked(long nanoseconds) {
    each.of().record(nanoseconds);
  }

  /// Counts a look at all nodes.
  void lookedAtAll(long nanoseconds) {
    all.of().record(nanoseconds);
  }

  /// Writes all of it, if there is a controller.
  public void write(Exposition out) {
    Informer known = nodes;
    if (known == null) {
      return;
    }
    Map<List<String>, Integer> present = new TreeMap<>(BY_NAME);
    Map<List<String>, Integer> lost = new TreeMap<>(BY_NAME);
    for (Struct node : known.list()) {
      List<String> zone = List.of(Zones.nameOf(node));
      present.merge(zone, 1, Integer::sum);
      lost.merge(zone, NodeConditions.isReady(node) ? 0 : 1, Integer::sum);
    }
    Map<List<String>, Double> healthy = new TreeMap<>(BY_NAME);
    present.forEach(
        (zone, size) -> healthy.put(zone, 100.0 * (size - lost.getOrDefault(zone, 0)) / size));
    evictions.write(out);
    each.write(out);
    all.write(out);
    sizes.write(out, present);
    healths.write(out, healthy);
    unhealthy.write(out, lost);
  }
}
