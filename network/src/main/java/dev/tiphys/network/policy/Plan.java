package dev.tiphys.network.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is let through to and from an address of a Pod. Two that are equal need no change.
///
/// @param chains the rules of each direction in which the Pod is isolated
record Plan(Map<Direction, List<Line>> chains) {

  /// The plan of a Pod that no policy is about, or that is gone.
  static final Plan OPEN = new Plan(Map.of());

  /// The Pods that its rules speak of.
  Set<Selection> selections() {
    Set<Selection> selections = new HashSet<>();
    for (List<Line> lines : chains.values()) {
      for (Line line : lines) {
        if (line instanceof Line.Selected selected) {
          selections.add(selected.peers());
        }
      }
    }
    return selections;
  }
}
