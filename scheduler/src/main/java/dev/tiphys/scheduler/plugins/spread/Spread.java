package dev.tiphys.scheduler.plugins.spread;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import java.util.List;

/// What the filter and the score of spread constraints have in common: which nodes count.
final class Spread {

  private Spread() {}

  /// Whether a node has all the labels that Pods are spread by.
  static boolean hasLabels(NodeInfo node, List<SpreadConstraint> constraints) {
    return hasLabels(node.facts().labels(), constraints);
  }

  static boolean hasLabels(Struct labels, List<SpreadConstraint> constraints) {
    for (SpreadConstraint constraint : constraints) {
      if (!labels.has(constraint.topologyKey())) {
        return false;
      }
    }
    return true;
  }

  /// Whether a node's Pods count for a constraint of a Pod.
  static boolean counts(NodeInfo node, SpreadConstraint constraint, PodTemplate pod) {
    if (constraint.honorsAffinity()
        && !pod.nodeAffinity().allows(node.name(), node.facts().labels())) {
      return false;
    }
    if (constraint.honorsTaints()) {
      for (Taint taint : node.facts().taints()) {
        if (taint.repels() && !Toleration.tolerated(taint, pod.tolerations())) {
          return false;
        }
      }
    }
    return true;
  }
}
