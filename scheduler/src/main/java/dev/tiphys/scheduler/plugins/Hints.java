package dev.tiphys.scheduler.plugins;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import java.util.function.Predicate;

/// Hints that several plugins give.
public final class Hints {

  /// Only a change of the waiting Pod itself helps it, not one of another.
  public static final Interest.Hint OF_THE_POD_ITSELF =
      (pod, event) ->
          queueIf(
              event instanceof ClusterEvent.OfPod(var _, var changed, var _, var _)
                  && changed.uid().equals(pod.uid()));

  private Hints() {}

  /// Whether an event is about a node that there is, and that satisfies a condition.
  public static boolean hasNode(ClusterEvent event, Predicate<NodeInfo> condition) {
    return event instanceof ClusterEvent.OfNode(var _, var _, var node, var _)
        && node != null
        && condition.test(node);
  }
}
