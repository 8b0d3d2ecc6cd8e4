package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What came of nodes for the Pods of one template and priority: when many of them wait, most nodes
/// are as they were for the last one.
///
/// Threads: the scheduling task.
final class KnownFindings {

  /// By the nodes' slots.
  private @Nullable Known[] known = new Known[0];

  private @Nullable PodTemplate template;
  private long priority;

  /// @param generation of the node, which no other node has
  /// @param nominations the version of those for the node
  private record Known(long generation, long nominations, CandidateSearch.Finding finding) {}

  /// What came of a node, or comes of it now.
  CandidateSearch.Finding of(
      PodInfo pod,
      NodeInfo node,
      Nominations nominations,
      Function<NodeInfo, CandidateSearch.Finding> search) {
    if (template != pod.template() || priority != pod.priority()) {
      Arrays.fill(known, null);
      template = pod.template();
      priority = pod.priority();
    }
    int slot = node.slot();
    if (slot >= known.length) {
      known = Arrays.copyOf(known, slot + slot / 4 + 8);
    }
    long version = nominations.version(node);
    Known last = known[slot];
    if (last == null || last.generation != node.generation() || last.nominations != version) {
      last = new Known(node.generation(), version, search.apply(node));
      known[slot] = last;
    }
    return last.finding;
  }
}
