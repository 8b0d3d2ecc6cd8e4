package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.NodeDecision;
import dev.tiphys.scheduler.decisions.NodeDecision.PluginScore;
import dev.tiphys.scheduler.decisions.NodeDecision.Verdict;
import dev.tiphys.scheduler.decisions.Remedy;
import dev.tiphys.scheduler.decisions.RemedyPlugin;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.framework.PreFilterPlugin;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.scheduler.verdict.Survey;
import dev.tiphys.scheduler.verdict.SurveyFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What every plugin of a profile thinks of every node for one Pod: all verdicts, where an
/// [Evaluation] stops at the first. Nothing is kept for it; it is worked out when it is asked for.
///
/// Threads: the scheduling task.
public final class Explanation {

  private final Profile profile;
  private final Cluster cluster;
  private final PodInfo pod;
  private final PodTemplate template;
  private final CycleState state = new CycleState();

  /// What plugins say before any node is looked at, by their names.
  private final Map<String, List<PreFilterResult>> before = new HashMap<>();

  private Explanation(Profile profile, Cluster cluster, PodInfo pod, PodTemplate template) {
    this.profile = profile;
    this.cluster = cluster;
    this.pod = pod;
    this.template = template;
    for (Plugin plugin : profile.preFilter()) {
      List<PreFilterResult> results = new ArrayList<>();
      if (plugin instanceof PreFilterPlugin ofTemplate) {
        results.add(ofTemplate.preFilter(template));
      }
      if (plugin instanceof PodPreFilterPlugin ofPod) {
        results.add(ofPod.preFilter(state, pod));
      }
      before.put(plugin.name(), results);
    }
  }

  /// What is thought of each node, as if the Pod were on none.
  public static List<NodeDecision> of(
      Evaluations evaluations, Cluster cluster, Nominations nominations, PodInfo pod) {
    return cluster.without(
        pod,
        () ->
            new Explanation(evaluations.profile(), cluster, pod, evaluations.refined(pod))
                .decisions(nominations));
  }

  private List<NodeDecision> decisions(Nominations nominations) {
    Map<NodeInfo, List<Verdict>> verdicts = new LinkedHashMap<>();
    cluster.nodes().forEach(node -> verdicts.put(node, new ArrayList<>()));
    for (FilterPlugin plugin : profile.filter()) {
      Filter filter = filter(plugin);
      verdicts.forEach((node, list) -> list.add(verdict(plugin, filter, node, nominations)));
    }
    Slots feasible = new Slots();
    verdicts.forEach(
        (node, list) -> {
          if (list.stream().allMatch(verdict -> verdict.rejection() == null)) {
            feasible.add(node.slot());
          }
        });
    Map<String, List<PluginScore>> scores = scores(feasible);
    List<NodeDecision> decisions = new ArrayList<>();
    verdicts.forEach(
        (node, list) ->
            decisions.add(
                new NodeDecision(node.name(), list, scores.getOrDefault(node.name(), List.of()))));
    return decisions;
  }

  /// The filter of a plugin, ready to be asked; null if it has none for this Pod.
  private @Nullable Filter filter(FilterPlugin plugin) {
    Filter filter = plugin.filter(template);
    if (filter instanceof SurveyFilter survey) {
      cluster.nodes().forEach(survey::note);
      return survey.begin() ? survey : null;
    }
    return filter;
  }

  private Verdict verdict(
      FilterPlugin plugin, @Nullable Filter filter, NodeInfo node, Nominations nominations) {
    Rejection rejection = rejection(plugin, filter, node);
    if (rejection == null && !(filter instanceof Survey)) {
      List<PodInfo> ahead = List.copyOf(nominations.ahead(pod, node));
      rejection =
          ahead.isEmpty() ? null : rejection(plugin, filter, node.changed(List.of(), ahead));
    }
    List<Remedy> remedies =
        rejection != null && plugin instanceof RemedyPlugin remedial
            ? remedial.remedies(pod, node)
            : List.of();
    return new Verdict(plugin.name(), rejection, remedies);
  }

  /// What a filter says; a failure is told as one of its reasons.
  private static @Nullable Rejection asked(FilterPlugin plugin, Filter filter, NodeInfo node) {
    try {
      return filter.filter(node);
    } catch (PluginException e) {
      return Rejection.lasting(plugin.name(), String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Rejection rejection(
      FilterPlugin plugin, @Nullable Filter filter, NodeInfo node) {
    for (PreFilterResult result : before.getOrDefault(plugin.name(), List.of())) {
      Filter ofPod = result.filter();
      Set<String> only = result.only();
      Rejection rejection = result.refusal();
      if (rejection == null && only != null && !only.contains(node.name())) {
        NamedNodes named = new NamedNodes();
        named.restrict(plugin.name(), only);
        rejection = named.verdict(node);
      }
      if (rejection == null && ofPod != null) {
        rejection = asked(plugin, ofPod, node);
      }
      if (rejection != null) {
        return rejection;
      }
    }
    return filter == null ? null : filter.filter(node);
  }

  /// By the names of the nodes that suit all plugins: their scores.
  private Map<String, List<PluginScore>> scores(Slots feasible) {
    Map<String, List<PluginScore>> scores = new HashMap<>();
    for (Profile.Weighted each : profile.score()) {
      long[] ofPlugin = scores(each.plugin(), feasible);
      for (int i = 0; i < feasible.size(); i++) {
        scores
            .computeIfAbsent(node(feasible, i).name(), _ -> new ArrayList<>())
            .add(new PluginScore(each.plugin().name(), ofPlugin[i], each.weight()));
      }
    }
    return scores;
  }

  private NodeInfo node(Slots slots, int index) {
    return Objects.requireNonNull(cluster.nodeAt(slots.at(index)));
  }

  private long[] scores(Plugin plugin, Slots feasible) {
    Score score = plugin instanceof ScorePlugin ofTemplate ? ofTemplate.score(template) : null;
    if (score == null && plugin instanceof PreScorePlugin ofPod && feasible.size() > 1) {
      List<NodeInfo> nodes = new ArrayList<>();
      for (int i = 0; i < feasible.size(); i++) {
        nodes.add(node(feasible, i));
      }
      score = ofPod.preScore(state, pod, nodes);
    }
    long[] scores = new long[feasible.size()];
    switch (score) {
      case null -> {}
      case Score.Absolute absolute -> {
        for (int i = 0; i < scores.length; i++) {
          scores[i] = absolute.score(node(feasible, i));
        }
      }
      case Score.Relative relative -> inProportion(relative, feasible, scores);
      case Score.Surveying surveying -> {
        cluster.nodes().forEach(surveying::note);
        if (scores.length > 0 && !surveying.score(feasible, scores)) {
          Arrays.fill(scores, surveying.ofAll());
        }
      }
    }
    return scores;
  }

  private void inProportion(Score.Relative relative, Slots feasible, long[] scores) {
    long max = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = relative.score(node(feasible, i));
      max = Math.max(max, scores[i]);
    }
    for (int i = 0; i < scores.length; i++) {
      long share = max == 0 ? 0 : scores[i] * Score.MAX / max;
      scores[i] = relative.reversed() ? Score.MAX - share : share;
    }
  }
}
