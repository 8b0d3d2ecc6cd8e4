package dev.tiphys.scheduler.plugins.spread;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.plugins.topology.Topology;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.SurveyFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The spread constraints that Pods of one template must keep to.
final class SpreadFilter implements SurveyFilter {

  private static final String REASON = "node(s) didn't match pod topology spread constraints";
  private static final Rejection TOO_CROWDED = Rejection.curable(PodTopologySpread.NAME, REASON);
  private static final Rejection NO_LABEL =
      Rejection.lasting(PodTopologySpread.NAME, REASON + " (missing required label)");

  private final List<SpreadConstraint> constraints;
  private final List<Each> each;

  SpreadFilter(PodTemplate pod, List<SpreadConstraint> constraints) {
    this.constraints = constraints;
    this.each = constraints.stream().map(constraint -> new Each(constraint, pod)).toList();
  }

  @Override
  public void note(NodeInfo node) {
    boolean labelled = Spread.hasLabels(node, constraints);
    each.forEach(one -> one.note(node, labelled));
  }

  @Override
  public void forget(int slot) {
    each.forEach(one -> one.forget(slot));
  }

  @Override
  public boolean begin() {
    each.forEach(Each::begin);
    return true;
  }

  @Override
  public @Nullable Rejection filter(NodeInfo node) {
    for (Each one : each) {
      if (!node.hasLabel(one.constraint.topologyKey())) {
        return NO_LABEL;
      }
      if (one.skew(node) > one.constraint.maxSkew()) {
        return TOO_CROWDED;
      }
    }
    return null;
  }

  /// One constraint.
  private static final class Each {
    final SpreadConstraint constraint;
    private final PodTemplate pod;
    private final MatchingPods matching;
    private final Topology pods;

    /// How many nodes of a domain count.
    private final Topology nodes;

    private final long self;
    private long least;

    Each(SpreadConstraint constraint, PodTemplate pod) {
      this.constraint = constraint;
      this.pod = pod;
      this.matching = new MatchingPods(constraint, pod);
      this.pods = new Topology(constraint.topologyKey());
      this.nodes = new Topology(constraint.topologyKey());
      this.self = constraint.selector().matches(pod.labels()) ? 1 : 0;
    }

    void note(NodeInfo node, boolean labelled) {
      boolean counts = labelled && Spread.counts(node, constraint, pod);
      nodes.note(node, counts ? 1 : 0);
      pods.note(node, counts ? matching.on(node) : 0);
    }

    void forget(int slot) {
      nodes.forget(slot);
      pods.forget(slot);
    }

    /// Finds the emptiest domain. Both topologies note the same nodes, so a domain has the same
    /// number in both.
    void begin() {
      int counting = 0;
      least = Long.MAX_VALUE;
      for (int domain = 0; domain < nodes.domains(); domain++) {
        if (nodes.sumOf(domain) > 0) {
          counting++;
          least = Math.min(least, pods.sumOf(domain));
        }
      }
      if (counting == 0 || counting < constraint.minDomains()) {
        least = 0;
      }
    }

    /// How much fuller the node's domain would be than the emptiest one.
    long skew(NodeInfo node) {
      return pods.sumAt(node.slot()) + self - least;
    }
  }
}
