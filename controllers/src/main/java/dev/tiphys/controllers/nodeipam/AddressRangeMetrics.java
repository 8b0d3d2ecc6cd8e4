package dev.tiphys.controllers.nodeipam;

import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The ranges that nodes are given, under upstream's names (`node_ipam_controller_…`, and
/// `cirdset_max_cidrs` as upstream spells it).
///
/// Threads: any.
public final class AddressRangeMetrics {

  private static final String PREFIX = "node_ipam_controller_";
  private static final String RANGE = "clusterCIDR";

  private final CounterFamily taken =
      new CounterFamily(PREFIX + "cidrset_cidrs_allocations_total", "Ranges taken.", RANGE);
  private final CounterFamily released =
      new CounterFamily(PREFIX + "cidrset_cidrs_releases_total", "Ranges given back.", RANGE);
  private final HistogramFamily tries =
      new HistogramFamily(
          PREFIX + "cidrset_allocation_tries_per_request",
          "Ranges that were found taken before a free one was found.",
          Histogram.exponential(1, 5, 5),
          RANGE);
  private final GaugeFamily most =
      new GaugeFamily(PREFIX + "cirdset_max_cidrs", "How many ranges there are.", RANGE);
  private final GaugeFamily usage =
      new GaugeFamily(PREFIX + "cidrset_usage_cidrs", "Which share of them is taken.", RANGE);
  private final GaugeFamily running =
      new GaugeFamily(
          "running_managed_controllers", "The controllers that run here.", "name", "manager");
  private final Map<List<String>, Integer> controllers = new ConcurrentHashMap<>();
  private final Map<List<String>, Integer> ranges = new ConcurrentHashMap<>();
  private final Map<List<String>, Double> shares = new ConcurrentHashMap<>();

  /// The controller starts or ends.
  void runs(boolean now) {
    controllers.put(List.of("nodeipam", ControllerManager.PROGRAM), now ? 1 : 0);
  }

  /// How full the range of a cluster is.
  ///
  /// @param all how many parts it has
  /// @param used how many of them are taken
  void holds(String range, int all, int used) {
    ranges.put(List.of(range), all);
    shares.put(List.of(range), (double) used / all);
  }

  void took(String range, int count) {
    taken.add(count, range);
  }

  /// A free part was looked for, and found.
  ///
  /// @param before how many were found taken
  void found(String range, int before) {
    tries.of(range).recordSize(before);
  }

  void released(String range, int count) {
    released.add(count, range);
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    running.write(out, controllers);
    taken.write(out);
    released.write(out);
    tries.write(out);
    most.write(out, ranges);
    usage.write(out, shares);
  }
}
