package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What came of nodes for the Pods of one template and priority: when many of them wait, most nodes
/// are as they were for the last one.
///
/// Threads: the scheduling task.
final class KnownFindings {

  private final Map<String, Known> byNode = new HashMap<>();
  private @Nullable PodTemplate template;
  private long priority;

  /// @param generation of the node
  /// @param nominations the version of those for the node
  private record Known(long generation, long nominations, CandidateSearch.Finding finding) {}

  /// What came of a node, or comes of it now.
  CandidateSearch.Finding of(
      PodInfo pod,
      NodeInfo node,
      Nominations nominations,
      Function<NodeInfo, CandidateSearch.Finding> search) {
    if (template != pod.template() || priority != pod.priority()) {
      byNode.clear();
      template = pod.template();
      priority = pod.priority();
    }
    long version = nominations.version(node);
    Known known = byNode.get(node.name());
    if (known == null || known.generation != node.generation() || known.nominations != version) {
      known = new Known(node.generation(), version, search.apply(node));
      byNode.put(node.name(), known);
    }
    return known.finding;
  }
}
