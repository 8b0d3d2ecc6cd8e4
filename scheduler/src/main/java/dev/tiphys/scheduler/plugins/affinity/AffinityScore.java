package dev.tiphys.scheduler.plugins.affinity;

import dev.tiphys.scheduler.cluster.AffinityTerm;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodAffinity;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.plugins.topology.Topologies;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What affinities wish for Pods of one template.
final class AffinityScore implements Score.Surveying {

  private final PodTemplate pod;
  private final Cluster cluster;
  private final long demand;
  private final boolean wishesOfOthers;
  private final boolean wishes;
  private final Topologies wishesMet;

  /// @param demand what the demand of a Pod that runs already counts for
  /// @param wishesOfOthers whether the wishes of Pods that run already count
  AffinityScore(PodTemplate pod, Cluster cluster, long demand, boolean wishesOfOthers) {
    this.pod = pod;
    this.cluster = cluster;
    this.demand = demand;
    this.wishesOfOthers = wishesOfOthers;
    this.wishesMet = new Topologies(cluster);
    PodAffinity own = pod.podAffinity();
    this.wishes = !own.ratherNear().isEmpty() || !own.ratherFar().isEmpty();
  }

  @Override
  public void note(NodeInfo node) {
    if (!wishes && node.podsWithAffinity().isEmpty()) {
      wishesMet.note(node, Map.of());
      return;
    }
    Map<String, Long> met = new HashMap<>();
    if (wishes) {
      for (PodInfo other : node.pods()) {
        add(pod.podAffinity().ratherNear(), other.template(), 1, met);
        add(pod.podAffinity().ratherFar(), other.template(), -1, met);
      }
    }
    for (PodInfo other : node.podsWithAffinity()) {
      PodAffinity affinity = other.template().podAffinity();
      if (wishesOfOthers) {
        add(affinity.ratherNear(), pod, 1, met);
        add(affinity.ratherFar(), pod, -1, met);
      }
      if (demand > 0) {
        add(affinity.near(), pod, 1, met);
      }
    }
    wishesMet.note(node, met);
  }

  private void add(
      List<AffinityTerm> terms, PodTemplate other, long sign, Map<String, Long> amounts) {
    for (AffinityTerm term : terms) {
      if (term.matches(other, cluster)) {
        long weight = term.weight() == 0 ? demand : term.weight();
        amounts.merge(term.topologyKey(), sign * weight, Long::sum);
      }
    }
  }

  @Override
  public void forget(int slot) {
    wishesMet.forget(slot);
  }

  @Override
  public boolean score(Slots feasible, long[] scores) {
    if (wishesMet.isEmpty()) {
      return false;
    }
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < feasible.size(); i++) {
      scores[i] = wishesMet.sumAt(feasible.at(i));
      min = Math.min(min, scores[i]);
      max = Math.max(max, scores[i]);
    }
    if (min == max) {
      return false;
    }
    for (int i = 0; i < feasible.size(); i++) {
      scores[i] = MAX * (scores[i] - min) / (max - min);
    }
    return true;
  }
}
