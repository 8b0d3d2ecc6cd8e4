package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;

/// Keeps Pods off nodes with taints they don't tolerate; where these only ask to be preferred not,
/// the nodes with the fewest are liked best.
final class TaintToleration implements FilterPlugin, ScorePlugin {

  private static final Rejection REJECTION =
      Rejection.lasting("TaintToleration", "node(s) had untolerated taint(s)");

  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Filter preFilter(PodTemplate pod) {
    return node -> repels(node, pod) ? REJECTION : null;
  }

  private static boolean repels(NodeInfo node, PodTemplate pod) {
    for (Taint taint : node.facts().taints()) {
      if (taint.repels() && !Toleration.tolerated(taint, pod.tolerations())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long weight() {
    return 3;
  }

  @Override
  public Score preScore(PodTemplate pod) {
    return new Score.Relative() {
      @Override
      public long score(NodeInfo node) {
        return disliked(node, pod);
      }

      @Override
      public boolean reversed() {
        return true;
      }
    };
  }

  private static long disliked(NodeInfo node, PodTemplate pod) {
    long count = 0;
    for (Taint taint : node.facts().taints()) {
      if (!taint.repels() && !Toleration.tolerated(taint, pod.tolerations())) {
        count++;
      }
    }
    return count;
  }
}
