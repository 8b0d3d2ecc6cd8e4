package dev.tiphys.scheduler.events;

import dev.tiphys.scheduler.cluster.NodeFacts;
import java.util.EnumSet;
import java.util.Set;

/// What has changed from one state of a node to the next.
public final class NodeChanges {

  private NodeChanges() {}

  /// Empty if nothing has that may let a Pod run.
  public static Set<Action> between(NodeFacts before, NodeFacts now) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    if (!before.allocatable().equals(now.allocatable()) || before.pods() != now.pods()) {
      actions.add(Action.UPDATE_NODE_ALLOCATABLE);
    }
    if (!before.labels().equals(now.labels())) {
      actions.add(Action.UPDATE_NODE_LABEL);
    }
    if (!before.taints().equals(now.taints()) || before.unschedulable() != now.unschedulable()) {
      actions.add(Action.UPDATE_NODE_TAINT);
    }
    if (!before.conditions().equals(now.conditions())) {
      actions.add(Action.UPDATE_NODE_CONDITION);
    }
    if (!before.annotations().equals(now.annotations())) {
      actions.add(Action.UPDATE_NODE_ANNOTATION);
    }
    if (!before.features().equals(now.features())) {
      actions.add(Action.UPDATE_NODE_DECLARED_FEATURE);
    }
    return actions;
  }
}
