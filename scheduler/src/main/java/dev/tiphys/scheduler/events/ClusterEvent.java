package dev.tiphys.scheduler.events;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something that happened in the cluster and may let a waiting Pod run.
public sealed interface ClusterEvent {

  Resource resource();

  /// What has happened: several things at once, if an object has changed in several ways.
  Set<Action> actions();

  /// What it is called where events are counted: `NodeUpdateNodeTaint`.
  default String label() {
    return EventLabels.of(resource(), actions().iterator().next());
  }

  /// A node is new, is gone, or says something else about itself than before.
  ///
  /// @param node the node as it is; null if it is gone
  /// @param before what it said before; null if it is new
  record OfNode(
      Set<Action> actions, String name, @Nullable NodeInfo node, @Nullable NodeFacts before)
      implements ClusterEvent {
    @Override
    public Resource resource() {
      return Resource.NODE;
    }
  }

  /// A Pod has come onto a node, has changed there, or has left it; or a waiting Pod itself has
  /// changed.
  ///
  /// @param before its state before; null if it is new, or gone
  /// @param node null if the Pod waits
  record OfPod(Set<Action> actions, PodInfo pod, @Nullable PodInfo before, @Nullable NodeInfo node)
      implements ClusterEvent {
    @Override
    public Resource resource() {
      return Resource.POD;
    }

    @Override
    public String label() {
      return EventLabels.ofPod(actions.iterator().next(), node != null);
    }
  }

  /// Another object has come, changed, or gone.
  ///
  /// @param before null if it is new
  /// @param now null if it is gone
  record OfObject(
      Resource resource, Set<Action> actions, @Nullable Struct before, @Nullable Struct now)
      implements ClusterEvent {

    /// The newest state of it.
    public Struct object() {
      return now != null ? now : before != null ? before : Struct.EMPTY;
    }
  }

  /// A Pod has come onto a node.
  static ClusterEvent arrived(PodInfo pod, NodeInfo node) {
    return new OfPod(Set.of(Action.ADD), pod, null, node);
  }

  /// A Pod is no longer on its node.
  static ClusterEvent left(PodInfo pod, NodeInfo node) {
    return new OfPod(Set.of(Action.DELETE), pod, null, node);
  }
}
