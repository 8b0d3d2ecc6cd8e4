package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Taint.Effect;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;

/// Keeps Pods off cordoned nodes, unless they tolerate the taint that says so.
final class NodeUnschedulable implements FilterPlugin {

  private static final Taint TAINT =
      new Taint("node.kubernetes.io/unschedulable", "", Effect.NO_SCHEDULE);
  private static final Rejection REJECTION =
      Rejection.lasting("NodeUnschedulable", "node(s) were unschedulable");

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Filter preFilter(PodTemplate pod) {
    boolean tolerates = Toleration.tolerated(TAINT, pod.tolerations());
    return node -> node.facts().unschedulable() && !tolerates ? REJECTION : null;
  }
}
