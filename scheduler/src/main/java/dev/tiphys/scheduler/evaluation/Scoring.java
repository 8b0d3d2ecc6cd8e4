package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// The scores of all plugins for Pods of one template.
///
/// Threads: the scheduling task.
final class Scoring {

  private final Cluster cluster;
  private final List<Weighted<Score.Absolute>> absolute = new ArrayList<>();
  private final List<Weighted<Score.Relative>> relative = new ArrayList<>();
  private final List<Weighted<Score.Surveying>> surveying = new ArrayList<>();
  private final List<Weighted<PreScorePlugin>> ofEachPod = new ArrayList<>();

  /// By slot: the absolute scores together.
  private long[] fixed = new long[0];

  /// By relative score and slot.
  private final long[][] raw;

  private long[] total = new long[0];
  private long[] part = new long[0];
  private int[] ties = new int[0];

  private record Weighted<S>(String plugin, long weight, S score) {}

  Scoring(Profile profile, PodTemplate pod, Cluster cluster) {
    this.cluster = cluster;
    for (Profile.Weighted each : profile.score()) {
      String name = each.plugin().name();
      if (each.plugin() instanceof ScorePlugin plugin) {
        switch (plugin.score(pod)) {
          case null -> {}
          case Score.Absolute score -> absolute.add(new Weighted<>(name, each.weight(), score));
          case Score.Relative score -> relative.add(new Weighted<>(name, each.weight(), score));
          case Score.Surveying score -> surveying.add(new Weighted<>(name, each.weight(), score));
        }
      }
      if (each.plugin() instanceof PreScorePlugin plugin) {
        ofEachPod.add(new Weighted<>(name, each.weight(), plugin));
      }
    }
    raw = new long[relative.size()][0];
  }

  List<Score.Surveying> surveys() {
    return surveying.stream().map(Weighted::score).toList();
  }

  /// Scores a node that is new or has changed, as far as that depends on it alone.
  void note(NodeInfo node) {
    int slot = node.slot();
    if (slot >= fixed.length) {
      int size = slot + slot / 4 + 8;
      fixed = Arrays.copyOf(fixed, size);
      for (int i = 0; i < raw.length; i++) {
        raw[i] = Arrays.copyOf(raw[i], size);
      }
    }
    long sum = 0;
    for (Weighted<Score.Absolute> each : absolute) {
      sum += each.weight * each.score.score(node);
    }
    fixed[slot] = sum;
    for (int i = 0; i < raw.length; i++) {
      raw[i][slot] = relative.get(i).score.score(node);
    }
  }

  /// The slot with the highest score; any of those with it, if there are several.
  ///
  /// @param extra what to add, in the order of the nodes; empty for nothing
  int best(Slots feasible, CycleState state, PodInfo pod, long[] extra, RandomGenerator random) {
    int count = feasible.size();
    if (total.length < count) {
      total = new long[count + count / 4];
      part = new long[total.length];
      ties = new int[total.length];
    }
    for (int n = 0; n < count; n++) {
      total[n] = fixed[feasible.at(n)];
    }
    for (int i = 0; i < raw.length; i++) {
      addInProportion(raw[i], relative.get(i), feasible);
    }
    for (Weighted<Score.Surveying> each : surveying) {
      if (each.score.score(feasible, part)) {
        for (int n = 0; n < count; n++) {
          total[n] += each.weight * part[n];
        }
      }
    }
    if (!ofEachPod.isEmpty()) {
      addOfPod(feasible, state, pod);
    }
    for (int n = 0; n < extra.length; n++) {
      total[n] += extra[n];
    }
    return feasible.at(largest(count, random));
  }

  private void addInProportion(long[] scores, Weighted<Score.Relative> each, Slots feasible) {
    long max = 0;
    for (int n = 0; n < feasible.size(); n++) {
      max = Math.max(max, scores[feasible.at(n)]);
    }
    if (max == 0) {
      return;
    }
    for (int n = 0; n < feasible.size(); n++) {
      long share = scores[feasible.at(n)] * Score.MAX / max;
      total[n] += each.weight * (each.score.reversed() ? Score.MAX - share : share);
    }
  }

  private void addOfPod(Slots feasible, CycleState state, PodInfo pod) {
    List<NodeInfo> nodes = nodes(feasible);
    for (Weighted<PreScorePlugin> each : ofEachPod) {
      switch (each.score.preScore(state, pod, nodes)) {
        case null -> {}
        case Score.Absolute score -> {
          for (int n = 0; n < nodes.size(); n++) {
            total[n] += each.weight * score.score(nodes.get(n));
          }
        }
        case Score.Relative score -> {
          long[] scores = new long[cluster.slots()];
          nodes.forEach(node -> scores[node.slot()] = score.score(node));
          addInProportion(scores, new Weighted<>(each.plugin, each.weight, score), feasible);
        }
      }
    }
  }

  private List<NodeInfo> nodes(Slots slots) {
    List<NodeInfo> nodes = new ArrayList<>();
    for (int n = 0; n < slots.size(); n++) {
      nodes.add(Objects.requireNonNull(cluster.nodeAt(slots.at(n))));
    }
    return nodes;
  }

  private int largest(int count, RandomGenerator random) {
    long max = Long.MIN_VALUE;
    int tied = 0;
    for (int n = 0; n < count; n++) {
      if (total[n] > max) {
        max = total[n];
        tied = 0;
      }
      if (total[n] == max) {
        ties[tied++] = n;
      }
    }
    return tied == 1 ? ties[0] : ties[random.nextInt(tied)];
  }
}
