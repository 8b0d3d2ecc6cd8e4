package dev.tiphys.scheduler.events;

import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.EnumSet;
import java.util.Set;

/// A kind of event that may let a Pod run that a plugin has refused.
///
/// @param hint looks closer whether an event of this kind does
public record Interest(Resource resource, Set<Action> actions, Hint hint) {

  /// Tells whether an event may help a Pod. When in doubt it does: else the Pod waits until all are
  /// tried again.
  ///
  /// It is asked once for all Pods of one template that the same plugins have refused, if they use
  /// no claims; so it looks at nothing else of a Pod.
  @FunctionalInterface
  public interface Hint {
    QueueingHint hint(PodInfo pod, ClusterEvent event);
  }

  public Interest {
    actions = Set.copyOf(actions);
  }

  /// An interest in all events of these kinds.
  public static Interest in(Resource resource, Action first, Action... more) {
    return new Interest(resource, EnumSet.of(first, more), (_, _) -> QueueingHint.QUEUE);
  }

  /// This interest, with a closer look.
  public Interest when(Hint closer) {
    return new Interest(resource, actions, closer);
  }

  /// Whether it is about events of this kind.
  public boolean concerns(ClusterEvent event) {
    if (event.resource() == resource) {
      for (Action action : event.actions()) {
        if (actions.contains(action)) {
          return true;
        }
      }
    }
    return false;
  }

  /// What it says about an event.
  public QueueingHint of(PodInfo pod, ClusterEvent event) {
    return concerns(event) ? hint.hint(pod, event) : QueueingHint.SKIP;
  }
}
