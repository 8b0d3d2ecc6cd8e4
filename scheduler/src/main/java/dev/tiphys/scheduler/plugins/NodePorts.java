package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.HostPort;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives a port of a node to one Pod only.
final class NodePorts implements FilterPlugin {

  private static final Rejection REJECTION =
      Rejection.curable("NodePorts", "node(s) didn't have free ports for the requested pod ports");

  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public @Nullable Filter preFilter(PodTemplate pod) {
    List<HostPort> wanted = pod.ports();
    return wanted.isEmpty() ? null : node -> conflict(wanted, node) ? REJECTION : null;
  }

  private static boolean conflict(List<HostPort> wanted, NodeInfo node) {
    for (HostPort taken : node.ports()) {
      for (HostPort port : wanted) {
        if (port.conflictsWith(taken)) {
          return true;
        }
      }
    }
    return false;
  }
}
