package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The scores of all plugins for Pods of one template.
///
/// Threads: the scheduling task.
final class Scoring {

  private final List<Weighted<Score.Absolute>> absolute = new ArrayList<>();
  private final List<Weighted<Score.Relative>> relative = new ArrayList<>();
  private final List<Weighted<Score.Surveying>> surveying = new ArrayList<>();

  /// By slot: the absolute scores together.
  private long[] fixed = new long[0];

  /// By relative score and slot.
  private final long[][] raw;

  private long[] total = new long[0];
  private long[] part = new long[0];
  private int[] ties = new int[0];

  private record Weighted<S>(long weight, S score) {}

  Scoring(Profile profile, PodTemplate pod) {
    for (ScorePlugin plugin : profile.scores()) {
      switch (plugin.preScore(pod)) {
        case null -> {}
        case Score.Absolute score -> absolute.add(new Weighted<>(plugin.weight(), score));
        case Score.Relative score -> relative.add(new Weighted<>(plugin.weight(), score));
        case Score.Surveying score -> surveying.add(new Weighted<>(plugin.weight(), score));
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
  int best(Slots feasible, RandomGenerator random) {
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
