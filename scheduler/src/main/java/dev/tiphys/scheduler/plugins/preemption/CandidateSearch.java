package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out who would have to leave a node for a Pod to fit there: as few Pods as possible, and
/// the least important.
///
/// Threads: the scheduling task.
final class CandidateSearch {

  private static final Rejection NO_VICTIMS =
      Rejection.curable(DefaultPreemption.NAME, "No preemption victims found for incoming pod");

  private final PodInfo pod;
  private final Nominations nominations;
  private final DisruptionBudgets budgets;
  private final WhatIf whatIf;

  CandidateSearch(PodInfo pod, Nominations nominations, DisruptionBudgets budgets, WhatIf whatIf) {
    this.pod = pod;
    this.nominations = nominations;
    this.budgets = budgets;
    this.whatIf = whatIf;
  }

  /// What came of a node.
  sealed interface Finding {
    record Found(Candidate candidate) implements Finding {}

    record None(Rejection why) implements Finding {}
  }

  /// Takes all less important Pods off a node, then gives back as many as fit.
  Finding consider(NodeInfo node) {
    if (node.lowestPriority() >= pod.priority()) {
      return new Finding.None(NO_VICTIMS);
    }
    List<PodInfo> lower =
        node.pods().stream().filter(other -> other.priority() < pod.priority()).toList();
    Set<PodInfo> gone = new LinkedHashSet<>(lower);
    Rejection rejection = rejection(node, gone);
    if (rejection != null) {
      return new Finding.None(rejection);
    }
    List<PodInfo> inOrder = new ArrayList<>(lower);
    inOrder.sort(Candidate.MOST_IMPORTANT_FIRST);
    Set<PodInfo> shielded = budgets.violated(inOrder);
    Set<PodInfo> unprotected = new LinkedHashSet<>(inOrder);
    unprotected.removeAll(shielded);
    long violations = giveBack(shielded, node, gone);
    giveBack(unprotected, node, gone);
    if (gone.isEmpty()) {
      return new Finding.None(NO_VICTIMS);
    }
    List<PodInfo> victims = new ArrayList<>(gone);
    victims.sort(Candidate.MOST_IMPORTANT_FIRST);
    return new Finding.Found(new Candidate(node, victims, violations));
  }

  /// Returns how many could not be given back.
  private long giveBack(Set<PodInfo> some, NodeInfo node, Set<PodInfo> gone) {
    long refused = 0;
    for (PodInfo other : some) {
      gone.remove(other);
      if (rejection(node, gone) != null) {
        gone.add(other);
        refused++;
      }
    }
    return refused;
  }

  private @Nullable Rejection rejection(NodeInfo node, Set<PodInfo> gone) {
    return whatIf.rejectionOf(node.changed(gone, nominations.ahead(pod, node)));
  }
}
