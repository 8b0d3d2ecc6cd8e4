package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.framework.Rejection;
import dev.tiphys.scheduler.framework.SurveyFilter;
import java.util.BitSet;
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
  public boolean begin(List<NodeInfo> nodes) {
    each.forEach(one -> one.begin(nodes));
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
    private final Topology topology;
    private final BitSet counting = new BitSet();
    private final BitSet domains = new BitSet();
    private final long self;
    private long least;

    Each(SpreadConstraint constraint, PodTemplate pod) {
      this.constraint = constraint;
      this.pod = pod;
      this.topology = new Topology(constraint.topologyKey());
      this.self = constraint.selector().matches(pod.labels()) ? 1 : 0;
    }

    void note(NodeInfo node, boolean labelled) {
      boolean counts = labelled && Spread.counts(node, constraint, pod);
      counting.set(node.slot(), counts);
      topology.note(node, counts ? Spread.matching(node, constraint, pod) : 0);
    }

    void begin(List<NodeInfo> nodes) {
      topology.sumUp(nodes);
      domains.clear();
      least = Long.MAX_VALUE;
      for (NodeInfo node : nodes) {
        if (counting.get(node.slot())) {
          domains.set(topology.domain(node));
          least = Math.min(least, topology.sum(node));
        }
      }
      if (domains.cardinality() < constraint.minDomains() || least == Long.MAX_VALUE) {
        least = 0;
      }
    }

    /// How much fuller the node's domain would be than the emptiest one.
    long skew(NodeInfo node) {
      return topology.sum(node) + self - least;
    }
  }
}
