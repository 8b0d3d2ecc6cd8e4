package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
  private final @Nullable Rejection refusal;
  private final @Nullable Rejection unnamed;
  private final List<Filter> filters = new ArrayList<>();
  private final List<SurveyFilter> surveyFilters = new ArrayList<>();
  private final List<Survey> surveys = new ArrayList<>();
  private final Scoring scoring;
  private final List<SurveyFilter> running = new ArrayList<>();

  /// Up to which change the rest is known.
  private long seen;

  /// By slot: why the node does not suit, by what is known of it alone; null if it does.
  private @Nullable Rejection[] verdicts = new Rejection[0];

  private final BitSet suitable = new BitSet();
  private final Slots feasible = new Slots();

  public Evaluation(Profile profile, PodTemplate pod, Cluster cluster) {
    this.cluster = cluster;
    this.refusal = refusal(profile, pod);
    this.unnamed = restrict(profile, pod);
    this.scoring = new Scoring(profile, pod);
    for (FilterPlugin plugin : profile.filters()) {
      switch (plugin.preFilter(pod)) {
        case null -> {}
        case SurveyFilter filter -> surveyFilters.add(filter);
        case Filter filter -> filters.add(filter);
      }
    }
    surveys.addAll(surveyFilters);
    surveys.addAll(scoring.surveys());
    for (int slot = 0; slot < cluster.slots(); slot++) {
      refresh(slot);
    }
    seen = cluster.generation();
  }

  private static @Nullable Rejection refusal(Profile profile, PodTemplate pod) {
    for (FilterPlugin plugin : profile.filters()) {
      Optional<Rejection> refusal = plugin.refusal(pod);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    return null;
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
  public Slots feasible(PodInfo pod, Nominations nominations) {
    if (seen != cluster.generation()) {
      cluster.changedSince(seen, this::refresh);
      seen = cluster.generation();
    }
    beginFilters();
    feasible.clear();
    boolean alone = running.isEmpty() && nominations.isEmpty();
    for (int slot = suitable.nextSetBit(0); slot >= 0; slot = suitable.nextSetBit(slot + 1)) {
      if (alone || suits(slot, pod, nominations)) {
        feasible.add(slot);
      }
    }
    return feasible;
  }

  private boolean suits(int slot, PodInfo pod, Nominations nominations) {
    NodeInfo node = cluster.nodeAt(slot);
    return node != null && surveyed(node) == null && fitsBeside(nominations.ahead(pod, node), node);
  }

  private boolean fitsBeside(Collection<PodInfo> others, NodeInfo node) {
    return others.isEmpty() || judge(node.changed(List.of(), others)) == null;
  }

  /// Looks again at a node that has changed.
  private void refresh(int slot) {
    NodeInfo node = cluster.nodeAt(slot);
    if (slot >= verdicts.length) {
      verdicts = Arrays.copyOf(verdicts, cluster.slots() + cluster.slots() / 4 + 8);
    }
    if (node == null) {
      verdicts[slot] = null;
      suitable.clear(slot);
      surveys.forEach(survey -> survey.forget(slot));
      return;
    }
    Rejection verdict = judge(node);
    verdicts[slot] = verdict;
    suitable.set(slot, verdict == null);
    for (Survey survey : surveys) {
      survey.note(node);
    }
    if (verdict == null) {
      scoring.note(node);
    }
  }

  /// What filters say that look at one node only.
  private @Nullable Rejection judge(NodeInfo node) {
    if (refusal != null) {
      return refusal;
    }
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

  private void beginFilters() {
    running.clear();
    for (SurveyFilter filter : surveyFilters) {
      if (filter.begin()) {
        running.add(filter);
      }
    }
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

  /// Why none of the nodes will do, after [#feasible] found none.
  public Diagnosis diagnosis(PodInfo pod, Nominations nominations) {
    Diagnosis diagnosis = new Diagnosis(refusal);
    for (NodeInfo node : cluster.nodes()) {
      Rejection rejection = verdicts[node.slot()];
      if (rejection == null) {
        rejection = surveyed(node);
      }
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
      beginAnew(changed);
      return surveyed(changed);
    } finally {
      NodeInfo real = cluster.nodeAt(changed.slot());
      if (real != null) {
        beginAnew(real);
      }
    }
  }

  private void beginAnew(NodeInfo changed) {
    for (SurveyFilter filter : running) {
      filter.note(changed);
      filter.begin();
    }
  }

  /// The slot of the best of the nodes that [#feasible] has found; of any of them, if several are.
  public int best(RandomGenerator random) {
    return feasible.size() == 1 ? feasible.at(0) : scoring.best(feasible, random);
  }
}
