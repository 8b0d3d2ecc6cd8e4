package dev.tiphys.scheduler.plugins;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Taint.Effect;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.Remedy;
import dev.tiphys.scheduler.decisions.RemedyPlugin;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.List;

/// Keeps Pods off cordoned nodes, unless they tolerate the taint that says so.
final class NodeUnschedulable implements FilterPlugin, EnqueueExtensions, RemedyPlugin {

  private static final String NAME = "NodeUnschedulable";
  private static final Taint TAINT =
      new Taint("node.kubernetes.io/unschedulable", "", Effect.NO_SCHEDULE);
  private static final Rejection REJECTION = Rejection.lasting(NAME, "node(s) were unschedulable");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Filter filter(PodTemplate pod) {
    boolean tolerates = Toleration.tolerated(TAINT, pod.tolerations());
    return node -> node.facts().unschedulable() && !tolerates ? REJECTION : null;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_TAINT)
            .when(NodeUnschedulable::ofNode),
        Interest.in(Resource.POD, Action.UPDATE_POD_TOLERATION).when(Hints.OF_THE_POD_ITSELF));
  }

  private static QueueingHint ofNode(PodInfo pod, ClusterEvent event) {
    return queueIf(Hints.hasNode(event, node -> !node.facts().unschedulable()));
  }

  @Override
  public List<Remedy> remedies(PodInfo pod, NodeInfo node) {
    return List.of(
        new Remedy("cordon", Struct.of("node", node.name()), "uncordon node " + node.name(), 1));
  }
}
