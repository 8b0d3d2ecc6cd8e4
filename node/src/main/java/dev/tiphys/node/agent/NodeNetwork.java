package dev.tiphys.node.agent;

import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.PodGuard;
import java.util.List;

/// The network of a node's Pods, which can only be made once the node has its addresses.
@FunctionalInterface
public interface NodeNetwork {

  /// A network that is there already, or is set up by another program.
  NodeNetwork PRESENT = _ -> {};

  /// Sets the network up for these ranges. Does no harm if it is set up already; what Pods have
  /// stays.
  ///
  /// @param ranges where Pods get their addresses from, one or one of each family
  /// @throws CniException if that fails; it may be tried again
  void install(List<String> ranges) throws CniException, InterruptedException;

  /// What stands between Pods and the network.
  default PodGuard guard() {
    return PodGuard.NONE;
  }
}
