package dev.tiphys.scheduler.plugins;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.HostPort;
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
import org.jspecify.annotations.Nullable;

/// Gives a port of a node to one Pod only.
final class NodePorts implements FilterPlugin, EnqueueExtensions, RemedyPlugin {

  private static final String NAME = "NodePorts";
  private static final Rejection REJECTION =
      Rejection.curable(NAME, "node(s) didn't have free ports for the requested pod ports");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    List<HostPort> wanted = pod.ports();
    return wanted.isEmpty() ? null : node -> conflict(wanted, node.ports()) ? REJECTION : null;
  }

  private static boolean conflict(List<HostPort> wanted, List<HostPort> taken) {
    for (HostPort other : taken) {
      for (HostPort port : wanted) {
        if (port.conflictsWith(other)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.POD, Action.DELETE).when(NodePorts::ofPod),
        Interest.in(Resource.NODE, Action.ADD).when(NodePorts::ofNode));
  }

  private static QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    return queueIf(
        event instanceof ClusterEvent.OfPod(var _, var other, var _, var _)
            && conflict(pod.template().ports(), other.template().ports()));
  }

  private static QueueingHint ofNode(PodInfo pod, ClusterEvent event) {
    return queueIf(Hints.hasNode(event, node -> !conflict(pod.template().ports(), node.ports())));
  }

  @Override
  public List<Remedy> remedies(PodInfo pod, NodeInfo node) {
    return pod.template().ports().stream()
        .filter(port -> conflict(List.of(port), node.ports()))
        .map(
            port ->
                new Remedy(
                    "port",
                    Struct.of(
                        "node", node.name(), "port", port.port(), "protocol", port.protocol()),
                    "free port " + port.port() + "/" + port.protocol() + " of node " + node.name(),
                    1))
        .toList();
  }
}
