package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.Attempt.Ranked;
import dev.tiphys.scheduler.decisions.Column;
import dev.tiphys.scheduler.decisions.NodeDecision.PluginScore;
import dev.tiphys.scheduler.decisions.Table;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The scores of all plugins for Pods of one template.
///
/// Threads: the scheduling task.
final class Scoring {

  private final Cluster cluster;
  private final List<Weighted<Score.Absolute>> absolute = new ArrayList<>();
  private final List<Weighted<Score.Relative>> relative = new ArrayList<>();
  private final List<Weighted<Score.Surveying>> surveying = new ArrayList<>();
  private final List<Weighted<PreScorePlugin>> ofEachPod = new ArrayList<>();

  private final List<String> plugins = new ArrayList<>();

  /// By slot: the absolute scores together.
  private long[] fixed = new long[0];

  /// By absolute score and slot: what each of them is.
  private final byte[][] single;

  /// By relative score and slot.
  private final long[][] raw;

  /// By relative score and slot: that of each node that was scored last, from 0 to 100.
  private final byte[][] shares;

  /// By relative score: the largest of the nodes that were scored last.
  private final long[] largestRaw;

  private long[] total = new long[0];
  private int[] ties = new int[0];

  /// By surveying score: that of each node that was scored last, in their order.
  private final long[][] surveyed;

  /// By surveying score: whether it tells the nodes that were scored last apart.
  private final boolean[] differs;

  /// Of the try before: what was written down of the scores of each plugin, by its name.
  private final Map<String, Column<byte[]>> written = new HashMap<>();

  /// What plugins said of the last Pod alone.
  private final List<OfPod> ofPod = new ArrayList<>();

  /// What extenders gave the nodes that were scored last, in their order; empty if none did.
  private long[] fromElsewhere = new long[0];

  /// What a plugin gave the nodes that were scored last, in their order.
  private static final class OfPod {
    private final String plugin;
    private final long weight;
    private final long[] scores;

    OfPod(String plugin, long weight, long[] scores) {
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
    single = new byte[absolute.size()][0];
    absolute.forEach(each -> plugins.add(each.plugin));
    relative.forEach(each -> plugins.add(each.plugin));
    surveying.forEach(each -> plugins.add(each.plugin));
    raw = new long[relative.size()][0];
    shares = new byte[relative.size()][0];
    largestRaw = new long[relative.size()];
    surveyed = new long[surveying.size()][0];
    differs = new boolean[surveying.size()];
  }

  /// Those that have something to say of each Pod of the template.
  List<String> plugins() {
    return plugins;
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
      for (int i = 0; i < single.length; i++) {
        single[i] = Arrays.copyOf(single[i], size);
      }
      for (int i = 0; i < raw.length; i++) {
        raw[i] = Arrays.copyOf(raw[i], size);
        shares[i] = Arrays.copyOf(shares[i], size);
      }
    }
    long sum = 0;
    for (int i = 0; i < single.length; i++) {
      long score = absolute.get(i).score.score(node);
      single[i][slot] = (byte) score;
      sum += absolute.get(i).weight * score;
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
      largestRaw[i] = addInProportion(raw[i], shares[i], relative.get(i), feasible);
    }
    for (int i = 0; i < surveyed.length; i++) {
      differs[i] = addSurveyed(surveying.get(i), surveyed[i], feasible);
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

  /// Returns whether it tells the nodes apart.
  private boolean addSurveyed(Weighted<Score.Surveying> each, long[] scores, Slots feasible) {
    boolean differ = each.score.score(feasible, scores);
    for (int n = 0; n < feasible.size() && differ; n++) {
      total[n] += each.weight * scores[n];
    }
    return differ;
  }

  /// Returns the largest of the scores.
  private long addInProportion(
      long[] scores, byte[] shares, Weighted<Score.Relative> each, Slots feasible) {
    long max = 0;
    for (int n = 0; n < feasible.size(); n++) {
      max = Math.max(max, scores[feasible.at(n)]);
    }
    if (max > 0) {
      for (int n = 0; n < feasible.size(); n++) {
        int slot = feasible.at(n);
        long share = share(scores[slot], max, each.score);
        shares[slot] = (byte) share;
        total[n] += each.weight * share;
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
      Score.@Nullable OfNode given =
          state.<Score.@Nullable OfNode, RuntimeException>timed(
              Point.PRE_SCORE, each.score, () -> each.score.preScore(state, pod, nodes));
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
      ofPod.add(new OfPod(each.plugin, each.weight, scores));
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
    for (int i = 0; i < single.length; i++) {
      Weighted<Score.Absolute> each = absolute.get(i);
      scores.add(new PluginScore(each.plugin, single[i][slot], each.weight));
    }
    for (int i = 0; i < raw.length; i++) {
      Weighted<Score.Relative> each = relative.get(i);
      scores.add(
          new PluginScore(
              each.plugin, share(raw[i][slot], largestRaw[i], each.score), each.weight));
    }
    for (int i = 0; i < surveyed.length; i++) {
      Weighted<Score.Surveying> each = surveying.get(i);
      scores.add(
          new PluginScore(
              each.plugin, differs[i] ? surveyed[i][n] : each.score.ofAll(), each.weight));
    }
    for (OfPod each : ofPod) {
      scores.add(new PluginScore(each.plugin, each.scores[n], each.weight));
    }
    if (fromElsewhere.length > 0) {
      scores.add(new PluginScore("extenders", fromElsewhere[n], 1));
    }
    return new Ranked(node.name(), scores);
  }

  /// What each plugin gave each of the nodes that were scored last, for a record.
  List<Table.Scores> scores(Slots feasible) {
    int slots = cluster.slots();
    List<Table.Scores> scores = new ArrayList<>(8);
    for (int i = 0; i < single.length; i++) {
      scores.add(different(absolute.get(i), single[i], slots));
    }
    for (int i = 0; i < raw.length; i++) {
      scores.add(
          largestRaw[i] > 0
              ? different(relative.get(i), shares[i], slots)
              : same(relative.get(i), (int) share(0, 0, relative.get(i).score)));
    }
    for (int i = 0; i < surveyed.length; i++) {
      scores.add(
          differs[i]
              ? different(surveying.get(i), bySlot(surveyed[i], feasible), slots)
              : same(surveying.get(i), surveying.get(i).score.ofAll()));
    }
    for (OfPod each : ofPod) {
      byte[] bySlot = bySlot(each.scores, feasible);
      scores.add(different(new Weighted<>(each.plugin, each.weight, each), bySlot, slots));
    }
    return scores;
  }

  private static Table.Scores same(Weighted<?> each, int score) {
    return new Table.Scores(each.plugin, each.weight, score, null);
  }

  private Table.Scores different(Weighted<?> each, byte[] bySlot, int slots) {
    Column<byte[]> now =
        Column.of(written.get(each.plugin), bySlot, Math.min(slots, bySlot.length));
    written.put(each.plugin, now);
    return new Table.Scores(each.plugin, each.weight, 0, now);
  }

  private byte[] bySlot(long[] scores, Slots feasible) {
    byte[] bySlot = new byte[cluster.slots()];
    for (int n = 0; n < feasible.size(); n++) {
      bySlot[feasible.at(n)] = (byte) scores[n];
    }
    return bySlot;
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
