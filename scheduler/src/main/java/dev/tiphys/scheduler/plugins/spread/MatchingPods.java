package dev.tiphys.scheduler.plugins.spread;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import java.util.IdentityHashMap;
import java.util.Map;

/// Counts the Pods that a spread constraint of a Pod is about. The Pods of a large cluster are of
/// few templates, so each template is looked at once.
///
/// Threads: one.
final class MatchingPods {

  /// How many templates are remembered: those that are gone by now are among them.
  private static final int REMEMBERED = 1024;

  private final SpreadConstraint constraint;
  private final PodTemplate pod;
  private final Map<PodTemplate, Boolean> known = new IdentityHashMap<>();

  MatchingPods(SpreadConstraint constraint, PodTemplate pod) {
    this.constraint = constraint;
    this.pod = pod;
  }

  /// How many Pods of a node count.
  long on(NodeInfo node) {
    long count = 0;
    for (PodInfo other : node.pods()) {
      if (!other.ending() && matches(other.template())) {
        count++;
      }
    }
    return count;
  }

  private boolean matches(PodTemplate template) {
    Boolean before = known.get(template);
    if (before == null) {
      if (known.size() == REMEMBERED) {
        known.clear();
      }
      before =
          template.namespace().equals(pod.namespace())
              && constraint.selector().matches(template.labels());
      known.put(template, before);
    }
    return before;
  }
}
