package dev.tiphys.scheduler.plugins.spread;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.plugins.topology.Topology;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.BitSet;
import java.util.List;

/// The spread constraints that Pods of one template would rather keep to.
final class SpreadScore implements Score.Surveying {

  private final PodTemplate pod;
  private final List<SpreadConstraint> constraints;
  private final List<Each> each;

  /// By slot: the nodes that can't be scored, as they lack labels. Mostly there are none, which is
  /// then known without looking.
  private final BitSet bare = new BitSet();

  private boolean someBare;

  SpreadScore(PodTemplate pod, List<SpreadConstraint> constraints) {
    this.pod = pod;
    this.constraints = constraints;
    this.each = constraints.stream().map(Each::new).toList();
  }

  @Override
  public void note(NodeInfo node) {
    boolean scored = pod.spreadByDefault() || Spread.hasLabels(node, constraints);
    setBare(node.slot(), !scored);
    each.forEach(one -> one.note(node, scored));
  }

  @Override
  public void forget(int slot) {
    setBare(slot, false);
    each.forEach(one -> one.topology.forget(slot));
  }

  private void setBare(int slot, boolean value) {
    if (bare.get(slot) != value) {
      bare.set(slot, value);
      someBare = !bare.isEmpty();
    }
  }

  private boolean isScored(int slot) {
    return !someBare || !bare.get(slot);
  }

  @Override
  public boolean score(Slots feasible, long[] scores) {
    each.forEach(one -> one.weigh(feasible));
    long min = Long.MAX_VALUE;
    long max = 0;
    int scored = 0;
    for (int i = 0; i < feasible.size(); i++) {
      int slot = feasible.at(i);
      if (isScored(slot)) {
        scored++;
        scores[i] = crowd(slot);
        min = Math.min(min, scores[i]);
        max = Math.max(max, scores[i]);
      }
    }
    if (min == max && scored == feasible.size()) {
      return false;
    }
    normalize(feasible, scores, min, max);
    return true;
  }

  @Override
  public int ofAll() {
    return (int) MAX;
  }

  private long crowd(int slot) {
    double crowd = 0;
    for (Each one : each) {
      crowd += one.crowd(slot);
    }
    return Math.round(crowd);
  }

  /// The emptiest gets the most; a node without the labels gets nothing.
  private void normalize(Slots feasible, long[] scores, long min, long max) {
    for (int i = 0; i < feasible.size(); i++) {
      if (!isScored(feasible.at(i))) {
        scores[i] = 0;
      } else {
        scores[i] = max == 0 ? MAX : MAX * (max + min - scores[i]) / max;
      }
    }
  }

  /// One constraint.
  private final class Each {
    private final SpreadConstraint constraint;
    private final MatchingPods matching;
    private final Topology topology;
    private final BitSet domains = new BitSet();
    private double weight;

    Each(SpreadConstraint constraint) {
      this.constraint = constraint;
      this.matching = new MatchingPods(constraint, pod);
      this.topology = new Topology(constraint.topologyKey());
    }

    void note(NodeInfo node, boolean scored) {
      boolean counts = scored && Spread.counts(node, constraint, pod);
      topology.note(node, counts ? matching.on(node) : 0);
    }

    /// Few domains count less each: there the Pods are many in any case.
    void weigh(Slots feasible) {
      weight = Math.log((constraint.byHost() ? hosts(feasible) : domains(feasible)) + 2);
    }

    private int hosts(Slots feasible) {
      if (!someBare) {
        return feasible.size();
      }
      int count = 0;
      for (int i = 0; i < feasible.size(); i++) {
        count += isScored(feasible.at(i)) ? 1 : 0;
      }
      return count;
    }

    private int domains(Slots feasible) {
      if (topology.domains() == 0) {
        return 0;
      }
      domains.clear();
      for (int i = 0; i < feasible.size(); i++) {
        int domain = topology.domainAt(feasible.at(i));
        if (domain >= 0 && isScored(feasible.at(i))) {
          domains.set(domain);
        }
      }
      return domains.cardinality();
    }

    double crowd(int slot) {
      if (topology.domainAt(slot) < 0) {
        return 0;
      }
      long count = constraint.byHost() ? topology.amountAt(slot) : topology.sumAt(slot);
      return count * weight + (constraint.maxSkew() - 1);
    }
  }
}
