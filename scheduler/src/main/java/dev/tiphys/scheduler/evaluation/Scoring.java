package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.Attempt.Ranked;
import dev.tiphys.scheduler.decisions.NodeDecision.PluginScore;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.AbstractList;
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

  /// By relative score: the largest of the nodes that were scored last.
  private final long[] largestRaw;

  private long[] total = new long[0];
  private int[] ties = new int[0];

  /// By surveying score: that of each node that was scored last; empty if all have the same.
  private final long[][] surveyed;

  /// What plugins said of the last Pod alone.
  private final List<Column> ofPod = new ArrayList<>();

  /// What extenders gave the nodes that were scored last, in their order; empty if none did.
  private long[] fromElsewhere = new long[0];

  /// What a plugin gave the nodes that were scored last, in their order.
  private static final class Column {
    private final String plugin;
    private final long weight;
    private final long[] scores;

    Column(String plugin, long weight, long[] scores) {
      this.plugin = plugin;
      this.weight = weight;
      this.scores = scores;
    }
  }

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
    largestRaw = new long[relative.size()];
    surveyed = new long[surveying.size()][0];
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

  /// Which of the nodes has the highest score; any of those with it, if there are several.
  ///
  /// @param extra what to add, in the order of the nodes; empty for nothing
  int best(Slots feasible, CycleState state, PodInfo pod, long[] extra, RandomGenerator random) {
    int count = feasible.size();
    if (total.length < count) {
      total = new long[count + count / 4];
      ties = new int[total.length];
      for (int i = 0; i < surveyed.length; i++) {
        surveyed[i] = new long[total.length];
      }
    }
    for (int n = 0; n < count; n++) {
      total[n] = fixed[feasible.at(n)];
    }
    for (int i = 0; i < raw.length; i++) {
      largestRaw[i] = addInProportion(raw[i], relative.get(i), feasible);
    }
    for (int i = 0; i < surveyed.length; i++) {
      addSurveyed(surveying.get(i), surveyed[i], feasible);
    }
    ofPod.clear();
    if (!ofEachPod.isEmpty()) {
      addOfPod(feasible, state, pod);
    }
    fromElsewhere = extra;
    for (int n = 0; n < extra.length; n++) {
      total[n] += extra[n];
    }
    return largest(count, random);
  }

  private void addSurveyed(Weighted<Score.Surveying> each, long[] scores, Slots feasible) {
    if (!each.score.score(feasible, scores)) {
      Arrays.fill(scores, 0, feasible.size(), 0);
      return;
    }
    for (int n = 0; n < feasible.size(); n++) {
      total[n] += each.weight * scores[n];
    }
  }

  /// Returns the largest of the scores.
  private long addInProportion(long[] scores, Weighted<Score.Relative> each, Slots feasible) {
    long max = 0;
    for (int n = 0; n < feasible.size(); n++) {
      max = Math.max(max, scores[feasible.at(n)]);
    }
    if (max > 0) {
      for (int n = 0; n < feasible.size(); n++) {
        total[n] += each.weight * share(scores[feasible.at(n)], max, each.score);
      }
    }
    return max;
  }

  private static long share(long score, long max, Score.Relative kind) {
    long share = max == 0 ? 0 : score * Score.MAX / max;
    return kind.reversed() ? Score.MAX - share : share;
  }

  private void addOfPod(Slots feasible, CycleState state, PodInfo pod) {
    List<NodeInfo> nodes = nodes(feasible);
    for (Weighted<PreScorePlugin> each : ofEachPod) {
      Score.OfNode given = each.score.preScore(state, pod, nodes);
      long[] scores = new long[given == null ? 0 : nodes.size()];
      switch (given) {
        case null -> {
          continue;
        }
        case Score.Absolute score -> {
          for (int n = 0; n < scores.length; n++) {
            scores[n] = score.score(nodes.get(n));
          }
        }
        case Score.Relative score -> inProportion(score, nodes, scores);
      }
      for (int n = 0; n < scores.length; n++) {
        total[n] += each.weight * scores[n];
      }
      ofPod.add(new Column(each.plugin, each.weight, scores));
    }
  }

  private static void inProportion(Score.Relative score, List<NodeInfo> nodes, long[] scores) {
    long max = 0;
    for (int n = 0; n < scores.length; n++) {
      scores[n] = score.score(nodes.get(n));
      max = Math.max(max, scores[n]);
    }
    for (int n = 0; n < scores.length && max > 0; n++) {
      scores[n] = share(scores[n], max, score);
    }
  }

  /// The best of the nodes that were scored last and the one after it, with what each plugin gave
  /// them.
  ///
  /// @param best which of them was taken
  List<Ranked> ranking(Slots feasible, int best) {
    int second = best == 0 ? 1 : 0;
    for (int n = 0; n < feasible.size(); n++) {
      if (n != best && total[n] > total[second]) {
        second = n;
      }
    }
    return List.of(ranked(feasible, best), ranked(feasible, second));
  }

  private Ranked ranked(Slots feasible, int n) {
    int slot = feasible.at(n);
    NodeInfo node = Objects.requireNonNull(cluster.nodeAt(slot));
    List<PluginScore> scores = new ArrayList<>(8);
    for (Weighted<Score.Absolute> each : absolute) {
      scores.add(new PluginScore(each.plugin, each.score.score(node), each.weight));
    }
    for (int i = 0; i < raw.length; i++) {
      Weighted<Score.Relative> each = relative.get(i);
      scores.add(
          new PluginScore(
              each.plugin, share(raw[i][slot], largestRaw[i], each.score), each.weight));
    }
    for (int i = 0; i < surveyed.length; i++) {
      Weighted<Score.Surveying> each = surveying.get(i);
      scores.add(new PluginScore(each.plugin, surveyed[i][n], each.weight));
    }
    for (Column each : ofPod) {
      scores.add(new PluginScore(each.plugin, each.scores[n], each.weight));
    }
    if (fromElsewhere.length > 0) {
      scores.add(new PluginScore("extenders", fromElsewhere[n], 1));
    }
    return new Ranked(node.name(), scores);
  }

  /// A view: most plugins have nothing to say of most Pods, and there may be thousands of nodes.
  private List<NodeInfo> nodes(Slots slots) {
    return new AbstractList<>() {
      @Override
      public NodeInfo get(int index) {
        return Objects.requireNonNull(cluster.nodeAt(slots.at(index)));
      }

      @Override
      public int size() {
        return slots.size();
      }
    };
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
