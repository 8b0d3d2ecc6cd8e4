package dev.tiphys.controllers.daemonset;

import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Which Pods of an old template make room for new ones, and which nodes get a new one beside the
/// old. Pure.
///
/// @param set the DaemonSet
/// @param kind its Pods
/// @param now when it is looked at
record RollingUpdate(DaemonSet set, DaemonPods kind, Instant now) {

  /// @param pods of each node that has some or wants one
  /// @param wanted how many nodes want a Pod
  Changes changes(Map<String, List<Struct>> pods, long wanted) {
    long surge = set.maxSurge(wanted);
    return surge == 0 ? replace(pods, set.maxUnavailable(wanted)) : surge(pods, surge);
  }

  /// Old Pods that are of no use go at once; others as far as Pods may be unavailable.
  private Changes replace(Map<String, List<Struct>> pods, long most) {
    long unavailable = 0;
    Changes changes = new Changes();
    List<Struct> candidates = new ArrayList<>();
    for (List<Struct> onNode : pods.values()) {
      NodePods here = NodePods.of(onNode, kind);
      Struct old = here.old();
      Struct updated = here.updated();
      if (!here.orderly() || (old != null && updated != null)) {
        unavailable++; // one of them is deleted otherwise
      } else if (old == null) {
        unavailable += updated != null && kind.isAvailable(updated, now) ? 0 : 1;
      } else if (kind.isAvailable(old, now)) {
        candidates.add(old);
      } else {
        changes.doomed().add(old);
        unavailable++;
      }
    }
    long left = Math.clamp(most - unavailable, 0, candidates.size());
    changes.doomed().addAll(candidates.subList(0, (int) left));
    return changes;
  }

  /// A new Pod starts beside the old one, which goes when the new one is available.
  private Changes surge(Map<String, List<Struct>> pods, long most) {
    long surging = 0;
    Changes changes = new Changes();
    List<String> candidates = new ArrayList<>();
    for (Map.Entry<String, List<Struct>> each : pods.entrySet()) {
      NodePods here = NodePods.of(each.getValue(), kind);
      Struct old = here.old();
      Struct updated = here.updated();
      if (!here.orderly()) {
        surging++;
      } else if (old == null) {
        continue;
      } else if (updated == null) {
        (kind.isAvailable(old, now) ? candidates : changes.nodes()).add(each.getKey());
      } else if (kind.isAvailable(updated, now)) {
        changes.doomed().add(old);
      } else {
        surging++;
      }
    }
    long left = Math.clamp(most - surging, 0, candidates.size());
    changes.nodes().addAll(candidates.subList(0, (int) left));
    return changes;
  }
}
