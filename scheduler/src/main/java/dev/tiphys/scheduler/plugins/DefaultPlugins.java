package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Profile;
import java.util.ArrayList;
import java.util.List;

/// The plugins that decide by default.
public final class DefaultPlugins {

  private DefaultPlugins() {}

  /// Upstream's, in upstream's order.
  ///
  /// @param volumes those about volumes
  public static Profile of(Cluster cluster, List<FilterPlugin> volumes) {
    TaintToleration taints = new TaintToleration();
    NodeAffinityPlugin nodeAffinity = new NodeAffinityPlugin();
    NodeResourcesFit fit = new NodeResourcesFit();
    PodTopologySpread spread = new PodTopologySpread();
    InterPodAffinity podAffinity = new InterPodAffinity(cluster);
    List<FilterPlugin> filters = new ArrayList<>();
    filters.addAll(List.of(new NodeUnschedulable(), taints, nodeAffinity, new NodePorts(), fit));
    filters.addAll(volumes);
    filters.addAll(List.of(spread, podAffinity));
    return new Profile(
        filters,
        List.of(
            taints,
            nodeAffinity,
            fit,
            spread,
            podAffinity,
            new NodeResourcesBalancedAllocation(),
            new ImageLocality(cluster)));
  }
}
