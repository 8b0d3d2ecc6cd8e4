package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What all plugins think of all nodes, for Pods of one template; kept from one Pod to the next.
///
/// Threads: the scheduling task.
public final class Evaluation {

  private final Cluster cluster;
  private final Set<String> named = new HashSet<>();
  private final @Nullable Rejection unnamed;
  private final List<Filter> filters = new ArrayList<>();
  private final List<SurveyFilter> surveyFilters = new ArrayList<>();
  private final List<Weighted<Score>> scores = new ArrayList<>();
  private final List<Weighted<SurveyScore>> surveyScores = new ArrayList<>();
  private final List<SurveyFilter> running = new ArrayList<>();
  private final List<NodeInfo> feasible = new ArrayList<>();

  /// By slot: the generation of the node that the rest is about.
  private long[] seen = new long[0];

  private @Nullable Rejection[] verdicts = new Rejection[0];

  /// By score and slot.
  private long[][] raw;

  private long[] total = new long[0];
  private long[] part = new long[0];
  private int[] ties = new int[0];

  private record Weighted<S>(long weight, S score) {}

  public Evaluation(Profile profile, PodTemplate pod, Cluster cluster) {
    this.cluster = cluster;
    this.unnamed = restrict(profile, pod);
    for (FilterPlugin plugin : profile.filters()) {
      switch (plugin.preFilter(pod)) {
        case null -> {}
        case SurveyFilter filter -> surveyFilters.add(filter);
        case Filter filter -> filters.add(filter);
      }
    }
    for (ScorePlugin plugin : profile.scores()) {
      switch (plugin.preScore(pod)) {
        case null -> {}
        case SurveyScore score -> surveyScores.add(new Weighted<>(plugin.weight(), score));
        case Score score -> scores.add(new Weighted<>(plugin.weight(), score));
      }
    }
    raw = new long[scores.size()][0];
  }

  /// Collects the nodes that plugins name as the only ones. Returns the verdict on all others, or
  /// null if none are named.
  private @Nullable Rejection restrict(Profile profile, PodTemplate pod) {
    List<String> plugins = new ArrayList<>();
    for (FilterPlugin plugin : profile.filters()) {
      Optional<Set<String>> only = plugin.only(pod);
      if (only.isPresent()) {
        if (plugins.isEmpty()) {
          named.addAll(only.get());
        } else {
          named.retainAll(only.get());
        }
        plugins.add(plugin.name());
      }
    }
    return plugins.isEmpty()
        ? null
        : Rejection.lasting(
            String.join(" ", plugins), "node(s) didn't satisfy plugin(s) " + plugins);
  }

  /// The nodes that a Pod can run on. The list is good until the next call.
  ///
  /// @param nominations Pods that nodes are being cleared for
  public List<NodeInfo> feasible(PodInfo pod, Nominations nominations) {
    refresh();
    beginFilters(cluster.nodes());
    feasible.clear();
    for (NodeInfo node : cluster.nodes()) {
      if (rejection(node) == null && fitsBeside(nominations.ahead(pod, node), node)) {
        feasible.add(node);
      }
    }
    return feasible;
  }

  /// Looks again at the nodes that have changed.
  private void refresh() {
    if (seen.length < cluster.slots()) {
      int size = cluster.slots() + cluster.slots() / 4 + 8;
      seen = Arrays.copyOf(seen, size);
      verdicts = Arrays.copyOf(verdicts, size);
      for (int i = 0; i < raw.length; i++) {
        raw[i] = Arrays.copyOf(raw[i], size);
      }
    }
    for (NodeInfo node : cluster.nodes()) {
      if (seen[node.slot()] != node.generation()) {
        refresh(node);
      }
    }
  }

  private void refresh(NodeInfo node) {
    int slot = node.slot();
    seen[slot] = node.generation();
    Rejection verdict = judge(node);
    verdicts[slot] = verdict;
    surveyFilters.forEach(filter -> filter.note(node));
    surveyScores.forEach(each -> each.score.note(node));
    if (verdict == null) {
      for (int i = 0; i < raw.length; i++) {
        raw[i][slot] = scores.get(i).score.score(node);
      }
    }
  }

  /// What filters say that look at one node only.
  private @Nullable Rejection judge(NodeInfo node) {
    if (unnamed != null && !named.contains(node.name())) {
      return unnamed;
    }
    for (Filter filter : filters) {
      Rejection rejection = filter.filter(node);
      if (rejection != null) {
        return rejection;
      }
    }
    return null;
  }

  private void beginFilters(List<NodeInfo> nodes) {
    running.clear();
    for (SurveyFilter filter : surveyFilters) {
      if (filter.begin(nodes)) {
        running.add(filter);
      }
    }
  }

  private @Nullable Rejection rejection(NodeInfo node) {
    Rejection verdict = verdicts[node.slot()];
    return verdict == null ? surveyed(node) : verdict;
  }

  private @Nullable Rejection surveyed(NodeInfo node) {
    for (SurveyFilter filter : running) {
      Rejection rejection = filter.filter(node);
      if (rejection != null) {
        return rejection;
      }
    }
    return null;
  }

  private boolean fitsBeside(Collection<PodInfo> others, NodeInfo node) {
    return others.isEmpty() || judge(node.changed(List.of(), others)) == null;
  }

  /// Why none of the nodes will do, after [#feasible] found none.
  public Diagnosis diagnosis(PodInfo pod, Nominations nominations) {
    Diagnosis diagnosis = new Diagnosis();
    for (NodeInfo node : cluster.nodes()) {
      Rejection rejection = rejection(node);
      if (rejection == null) {
        rejection = judge(node.changed(List.of(), nominations.ahead(pod, node)));
      }
      if (rejection != null) {
        diagnosis.add(node, rejection);
      }
    }
    return diagnosis;
  }

  /// Why a node would still not do if it were changed, or null if it would.
  ///
  /// @param changed a state that a known node could be in, as [NodeInfo#changed] makes one
  public @Nullable Rejection rejectionOf(NodeInfo changed) {
    Rejection rejection = judge(changed);
    if (rejection != null || running.isEmpty()) {
      return rejection;
    }
    try {
      running.forEach(filter -> filter.note(changed));
      running.forEach(filter -> filter.begin(cluster.nodes()));
      return surveyed(changed);
    } finally {
      NodeInfo real = cluster.node(changed.name());
      if (real != null) {
        running.forEach(filter -> filter.note(real));
        running.forEach(filter -> filter.begin(cluster.nodes()));
      }
    }
  }

  /// The best of the nodes that [#feasible] has found; any of them, if several are.
  public NodeInfo best(RandomGenerator random) {
    int count = feasible.size();
    if (count == 1) {
      return feasible.getFirst();
    }
    if (total.length < count) {
      total = new long[count + count / 4];
      part = new long[total.length];
      ties = new int[total.length];
    }
    Arrays.fill(total, 0, count, 0);
    for (int i = 0; i < raw.length; i++) {
      for (int n = 0; n < count; n++) {
        part[n] = raw[i][feasible.get(n).slot()];
      }
      add(scores.get(i).weight, scores.get(i).score);
    }
    for (Weighted<SurveyScore> each : surveyScores) {
      if (each.score.begin(cluster.nodes(), feasible)) {
        for (int n = 0; n < count; n++) {
          part[n] = each.score.score(feasible.get(n));
        }
        add(each.weight, each.score);
      }
    }
    return feasible.get(largest(count, random));
  }

  private void add(long weight, Score score) {
    score.normalize(part, feasible);
    for (int n = 0; n < feasible.size(); n++) {
      total[n] += weight * part[n];
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
