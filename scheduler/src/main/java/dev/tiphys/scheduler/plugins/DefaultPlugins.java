package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.framework.Profile;
import java.util.List;

/// The plugins that decide unless somebody says otherwise.
public final class DefaultPlugins {

  private DefaultPlugins() {}

  /// Upstream's, in upstream's order.
  public static Profile of(Cluster cluster) {
    TaintToleration taints = new TaintToleration();
    NodeAffinityPlugin nodeAffinity = new NodeAffinityPlugin();
    NodeResourcesFit fit = new NodeResourcesFit();
    PodTopologySpread spread = new PodTopologySpread();
    InterPodAffinity podAffinity = new InterPodAffinity(cluster);
    return new Profile(
        List.of(
            new NodeUnschedulable(),
            taints,
            nodeAffinity,
            new NodePorts(),
            fit,
            spread,
            podAffinity),
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
