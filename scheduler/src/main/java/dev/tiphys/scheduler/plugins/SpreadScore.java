package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.framework.SurveyScore;
import java.util.BitSet;
import java.util.List;

/// The spread constraints that Pods of one template would rather keep to.
final class SpreadScore implements SurveyScore {

  private final PodTemplate pod;
  private final List<SpreadConstraint> constraints;
  private final List<Each> each;

  /// By slot: the nodes that can be scored.
  private final BitSet labelled = new BitSet();

  SpreadScore(PodTemplate pod, List<SpreadConstraint> constraints) {
    this.pod = pod;
    this.constraints = constraints;
    this.each = constraints.stream().map(Each::new).toList();
  }

  @Override
  public void note(NodeInfo node) {
    boolean scored = pod.spreadByDefault() || Spread.hasLabels(node, constraints);
    labelled.set(node.slot(), scored);
    each.forEach(one -> one.note(node, scored));
  }

  @Override
  public boolean begin(List<NodeInfo> nodes, List<NodeInfo> feasible) {
    each.forEach(one -> one.begin(nodes, feasible));
    return true;
  }

  @Override
  public long score(NodeInfo node) {
    if (!labelled.get(node.slot())) {
      return 0;
    }
    double score = 0;
    for (Each one : each) {
      score += one.score(node);
    }
    return Math.round(score);
  }

  /// The emptiest gets the most; a node without the labels gets nothing.
  @Override
  public void normalize(long[] scores, List<NodeInfo> nodes) {
    long min = Long.MAX_VALUE;
    long max = 0;
    for (int i = 0; i < nodes.size(); i++) {
      if (labelled.get(nodes.get(i).slot())) {
        min = Math.min(min, scores[i]);
        max = Math.max(max, scores[i]);
      }
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (!labelled.get(nodes.get(i).slot())) {
        scores[i] = 0;
      } else {
        scores[i] = max == 0 ? MAX : MAX * (max + min - scores[i]) / max;
      }
    }
  }

  /// One constraint.
  private final class Each {
    private final SpreadConstraint constraint;
    private final Topology topology;
    private final BitSet domains = new BitSet();
    private double weight;

    Each(SpreadConstraint constraint) {
      this.constraint = constraint;
      this.topology = new Topology(constraint.topologyKey());
    }

    void note(NodeInfo node, boolean scored) {
      boolean counts = scored && Spread.counts(node, constraint, pod);
      topology.note(node, counts ? Spread.matching(node, constraint, pod) : 0);
    }

    /// Few domains count more each: there the Pods are the fuller ones.
    void begin(List<NodeInfo> nodes, List<NodeInfo> feasible) {
      int scored = 0;
      domains.clear();
      for (NodeInfo node : feasible) {
        if (labelled.get(node.slot())) {
          scored++;
          int domain = topology.domain(node);
          if (domain >= 0) {
            domains.set(domain);
          }
        }
      }
      weight = Math.log((constraint.byHost() ? scored : domains.cardinality()) + 2);
      if (!constraint.byHost()) {
        topology.sumUp(nodes);
      }
    }

    double score(NodeInfo node) {
      if (topology.domain(node) < 0) {
        return 0;
      }
      long count = constraint.byHost() ? topology.amount(node) : topology.sum(node);
      return count * weight + (constraint.maxSkew() - 1);
    }
  }
}
