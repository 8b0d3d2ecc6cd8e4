package dev.tiphys.scheduler.plugins;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.object.StructBuilder;
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
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Score;
import java.util.List;

/// Keeps Pods off nodes with taints they don't tolerate; where these only ask to be preferred not,
/// the nodes with the fewest are liked best.
final class TaintToleration implements FilterPlugin, ScorePlugin, EnqueueExtensions, RemedyPlugin {

  private static final String NAME = "TaintToleration";
  private static final Rejection REJECTION =
      Rejection.lasting(NAME, "node(s) had untolerated taint(s)");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Filter filter(PodTemplate pod) {
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
  public Score score(PodTemplate pod) {
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

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_TAINT)
            .when(TaintToleration::ofNode),
        Interest.in(Resource.POD, Action.UPDATE_POD_TOLERATION).when(Hints.OF_THE_POD_ITSELF));
  }

  private static QueueingHint ofNode(PodInfo pod, ClusterEvent event) {
    return queueIf(Hints.hasNode(event, node -> !repels(node, pod.template())));
  }

  @Override
  public List<Remedy> remedies(PodInfo pod, NodeInfo node) {
    return node.facts().taints().stream()
        .filter(taint -> taint.repels())
        .filter(taint -> !Toleration.tolerated(taint, pod.template().tolerations()))
        .map(taint -> remedy(taint, node))
        .toList();
  }

  private static Remedy remedy(Taint taint, NodeInfo node) {
    String value = taint.value().isEmpty() ? "" : "=" + taint.value();
    String text = taint.key() + value + ":" + taint.effect().word();
    return new Remedy(
        "taint",
        new StructBuilder()
            .add("node", node.name())
            .add("key", taint.key())
            .add("value", taint.value())
            .add("effect", taint.effect().word())
            .build(),
        "let the pod tolerate the taint " + text + ", or take it off node " + node.name(),
        1);
  }
}
