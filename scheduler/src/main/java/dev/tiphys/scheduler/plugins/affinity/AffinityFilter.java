package dev.tiphys.scheduler.plugins.affinity;

import dev.tiphys.scheduler.cluster.AffinityTerm;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.plugins.topology.Topologies;
import dev.tiphys.scheduler.plugins.topology.Topology;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.SurveyFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What affinities demand for Pods of one template.
final class AffinityFilter implements SurveyFilter {

  private static final Rejection NOT_NEAR =
      Rejection.lasting(InterPodAffinity.NAME, "node(s) didn't match pod affinity rules");
  private static final Rejection NOT_FAR =
      Rejection.curable(InterPodAffinity.NAME, "node(s) didn't match pod anti-affinity rules");
  private static final Rejection UNWANTED =
      Rejection.curable(
          InterPodAffinity.NAME, "node(s) didn't satisfy existing pods anti-affinity rules");

  private final PodTemplate pod;
  private final Cluster cluster;
  private final List<AffinityTerm> near;
  private final List<AffinityTerm> far;

  /// For each label of `near`: how many Pods match all of these terms.
  private final List<Topology> wanted;

  private final boolean suitsItself;

  /// For each of `far`: how many Pods match it.
  private final List<Topology> unwanted;

  /// How many Pods do not want this one, by the label they say it with.
  private final Topologies refusals;

  AffinityFilter(PodTemplate pod, Cluster cluster) {
    this.pod = pod;
    this.cluster = cluster;
    this.near = pod.podAffinity().near();
    this.far = pod.podAffinity().far();
    this.wanted = near.stream().map(term -> new Topology(term.topologyKey())).toList();
    this.unwanted = far.stream().map(term -> new Topology(term.topologyKey())).toList();
    this.refusals = new Topologies(cluster);
    this.suitsItself = near.stream().allMatch(term -> term.matches(pod, cluster));
  }

  @Override
  public void note(NodeInfo node) {
    if (!near.isEmpty()) {
      long count =
          node.pods().stream()
              .filter(other -> near.stream().allMatch(term -> matches(term, other)))
              .count();
      wanted.forEach(topology -> topology.note(node, count));
    }
    for (int i = 0; i < far.size(); i++) {
      AffinityTerm term = far.get(i);
      unwanted
          .get(i)
          .note(node, node.pods().stream().filter(other -> matches(term, other)).count());
    }
    refusals.note(node, refusals(node));
  }

  private boolean matches(AffinityTerm term, PodInfo other) {
    return term.matches(other.template(), cluster);
  }

  private Map<String, Long> refusals(NodeInfo node) {
    if (node.podsWithAffinity().isEmpty()) {
      return Map.of();
    }
    Map<String, Long> counts = new HashMap<>();
    for (PodInfo other : node.podsWithAffinity()) {
      for (AffinityTerm term : other.template().podAffinity().far()) {
        if (term.matches(pod, cluster)) {
          counts.merge(term.topologyKey(), 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  @Override
  public void forget(int slot) {
    wanted.forEach(topology -> topology.forget(slot));
    unwanted.forEach(topology -> topology.forget(slot));
    refusals.forget(slot);
  }

  @Override
  public boolean begin() {
    return !refusals.isEmpty() || !near.isEmpty() || !far.isEmpty();
  }

  @Override
  public @Nullable Rejection filter(NodeInfo node) {
    if (!isNear(node.slot())) {
      return NOT_NEAR;
    }
    for (Topology topology : unwanted) {
      if (topology.sumAt(node.slot()) > 0) {
        return NOT_FAR;
      }
    }
    return refusals.sumAt(node.slot()) > 0 ? UNWANTED : null;
  }

  /// Whether the Pods that are wanted near are; the first of Pods that want each other needs none.
  private boolean isNear(int slot) {
    boolean all = true;
    boolean empty = true;
    for (Topology topology : wanted) {
      if (topology.domainAt(slot) < 0) {
        return false;
      }
      all &= topology.sumAt(slot) > 0;
      empty &= topology.total() == 0;
    }
    return all || (empty && suitsItself);
  }
}
