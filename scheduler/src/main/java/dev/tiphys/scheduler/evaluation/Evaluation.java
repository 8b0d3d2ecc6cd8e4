package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.Attempt.Ranked;
import dev.tiphys.scheduler.decisions.Column;
import dev.tiphys.scheduler.decisions.Table;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.framework.PreFilterPlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.scheduler.verdict.Survey;
import dev.tiphys.scheduler.verdict.SurveyFilter;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What all plugins think of all nodes, for Pods of one template; kept from one Pod to the next.
///
/// There are three kinds of filters. What those say that look at one node only is kept by slot
/// until the node changes. Those of one Pod and cycle, and those that depend on other nodes, are
/// asked about the nodes that are left. A node that several would refuse is refused by the first of
/// them in the profile's order, whichever kind it is of.
///
/// Threads: the scheduling task.
public final class Evaluation implements WhatIf {

  private static final long[] NOTHING = new long[0];

  private final Cluster cluster;
  private final Map<String, Integer> places;
  private final NamedNodes ofTemplate = new NamedNodes();
  private final @Nullable Rejection refusal;
  private final List<Step<Filter>> filters = new ArrayList<>();
  private final List<Step<SurveyFilter>> surveyFilters = new ArrayList<>();
  private final List<Survey> surveys = new ArrayList<>();
  private final PodFilters ofPod;
  private final List<String> filtering = new ArrayList<>();
  private final Scoring scoring;

  /// Whether those that look at one node only come before the others.
  private final boolean inOrder;

  /// Up to which change the rest is known.
  private long seen;

  private final KeptVerdicts verdicts = new KeptVerdicts();

  /// By slot: why a node that suits by what is known of it alone was refused in the cycle that goes
  /// on. Worth a look only if some were.
  private @Nullable Rejection[] late = new Rejection[0];

  private boolean someAreLate;

  /// The node that is being cleared for the Pod of the cycle that goes on; empty if none is.
  private String nominated = "";

  /// Whether the search ended before all nodes were looked at.
  private boolean cutShort;

  private final Slots feasible = new Slots();

  /// Which of them was found to be the best.
  private int best;

  private final BesideNominated beside = new BesideNominated();
  private final Findings findings;

  /// Of the cycle that goes on.
  private final List<Step<SurveyFilter>> running = new ArrayList<>();

  public Evaluation(Profile profile, PodTemplate pod, Cluster cluster) {
    this.cluster = cluster;
    this.places = profile.places();
    this.refusal = preFilter(profile, pod);
    this.ofPod = new PodFilters(ofEachPod(profile), places, ofTemplate);
    this.scoring = new Scoring(profile, pod, cluster);
    this.findings = new Findings(cluster);
    for (FilterPlugin plugin : profile.filter()) {
      int place = place(plugin);
      switch (plugin.filter(pod)) {
        case null -> {
          continue;
        }
        case SurveyFilter filter -> surveyFilters.add(new Step<>(place, filter));
        case Filter filter -> filters.add(new Step<>(place, filter));
      }
      filtering.add(plugin.name());
    }
    int last = filters.isEmpty() ? -1 : filters.getLast().place();
    this.inOrder =
        surveyFilters.stream().allMatch(step -> step.place() > last) && ofPod.comeAfter(last);
    surveyFilters.forEach(step -> surveys.add(step.filter()));
    surveys.addAll(scoring.surveys());
    for (int slot = 0; slot < cluster.slots(); slot++) {
      refresh(slot);
    }
    seen = cluster.generation();
  }

  private int place(Plugin plugin) {
    return places.getOrDefault(plugin.name(), places.size());
  }

  private static List<PodPreFilterPlugin> ofEachPod(Profile profile) {
    return profile.preFilter().stream()
        .filter(PodPreFilterPlugin.class::isInstance)
        .map(PodPreFilterPlugin.class::cast)
        .toList();
  }

  private @Nullable Rejection preFilter(Profile profile, PodTemplate pod) {
    for (Plugin each : profile.preFilter()) {
      if (each instanceof PreFilterPlugin plugin) {
        PreFilterResult result = plugin.preFilter(pod);
        if (result.refusal() != null) {
          return result.refusal();
        }
        ofTemplate.restrict(plugin.name(), result.only());
      }
    }
    return null;
  }

  /// The plugins that filter nodes for Pods of this template.
  public List<String> filtering() {
    return filtering;
  }

  /// The plugins that score nodes for Pods of this template.
  public List<String> scoringPlugins() {
    return scoring.plugins();
  }

  /// The nodes that a Pod can run on. The list is good until the next call.
  ///
  /// @param nominations Pods that nodes are being cleared for
  public Slots feasible(CycleState state, PodInfo pod, Nominations nominations) {
    return feasible(state, pod, nominations, 0, Integer.MAX_VALUE);
  }

  /// As above, but no more than `enough`, from the slot `start` on and around.
  public Slots feasible(
      CycleState state, PodInfo pod, Nominations nominations, int start, int enough) {
    catchUp();
    begin(state, pod, nominations);
    feasible.clear();
    cutShort = false;
    if (someAreLate) {
      Arrays.fill(late, null);
      someAreLate = false;
    }
    if (ofPod.refusal() != null) {
      return feasible;
    }
    boolean alone = running.isEmpty() && ofPod.areSilent() && nominations.isEmpty();
    collect(start, Integer.MAX_VALUE, enough, alone, pod, nominations);
    collect(0, start, enough, alone, pod, nominations);
    cutShort = feasible.size() >= enough;
    return feasible;
  }

  /// Whether a Pod can run on the node that is being cleared for it, which is tried before all
  /// others.
  public boolean isFeasible(CycleState state, PodInfo pod, Nominations nominations, NodeInfo node) {
    catchUp();
    begin(state, pod, nominations);
    feasible.clear();
    if (ofPod.refusal() == null
        && verdicts.isSuitable(node.slot())
        && refusal(node.slot(), pod, nominations) == null) {
      feasible.add(node.slot());
    }
    return !feasible.isEmpty();
  }

  private void collect(
      int from, int to, int enough, boolean alone, PodInfo pod, Nominations nominations) {
    for (int slot = verdicts.nextSuitable(from);
        slot >= 0 && slot < to && feasible.size() < enough;
        slot = verdicts.nextSuitable(slot + 1)) {
      Rejection rejection = alone ? null : refusal(slot, pod, nominations);
      if (rejection == null) {
        feasible.add(slot);
      } else {
        late[slot] = rejection;
        someAreLate = true;
      }
    }
  }

  /// Why a node does not do that suits by what is known of it alone; null if it does.
  private @Nullable Rejection refusal(int slot, PodInfo pod, Nominations nominations) {
    NodeInfo node = Objects.requireNonNull(cluster.nodeAt(slot));
    Rejection rejection = ofPod.named().verdict(node);
    if (rejection == null) {
      rejection = byPodAndOthers(node);
    }
    return rejection == null ? besideNominated(pod, node, nominations) : rejection;
  }

  /// Why a node that suits as it is does not beside the Pods that it is being cleared for; null if
  /// it does.
  private @Nullable Rejection besideNominated(PodInfo pod, NodeInfo node, Nominations nominations) {
    long version = nominations.version(node);
    if (version == 0) {
      return null;
    }
    if (!ofPod.areSilent() || nominated.equals(node.name())) {
      return beside(nominations.ahead(pod, node), node);
    }
    return beside.at(
        node.slot(), version, pod.priority(), () -> beside(nominations.ahead(pod, node), node));
  }

  private @Nullable Rejection beside(Collection<PodInfo> others, NodeInfo node) {
    return others.isEmpty() ? null : rejection(node.changed(List.of(), others));
  }

  private void grow() {
    if (late.length < cluster.slots()) {
      late = Arrays.copyOf(late, cluster.slots() + cluster.slots() / 4 + 8);
      verdicts.reserve(late.length);
      beside.reserve(late.length);
    }
  }

  private void catchUp() {
    grow(); // Places are kept for nodes that are only spoken of, which is no change of any.
    if (seen != cluster.generation()) {
      cluster.changedSince(seen, this::refresh);
      seen = cluster.generation();
    }
  }

  /// Looks again at a node that has changed.
  private void refresh(int slot) {
    NodeInfo node = cluster.nodeAt(slot);
    grow();
    beside.forget(slot);
    if (node == null) {
      verdicts.forget(slot);
      surveys.forEach(survey -> survey.forget(slot));
      return;
    }
    Rejection verdict = byTemplate(node);
    verdicts.note(slot, verdict);
    for (Survey survey : surveys) {
      survey.note(node);
    }
    if (verdict == null) {
      scoring.note(node);
    }
  }

  /// What is said by those that look at one node only.
  private @Nullable Rejection byTemplate(NodeInfo node) {
    if (refusal != null) {
      return refusal;
    }
    Rejection unnamed = ofTemplate.verdict(node);
    return unnamed != null ? unnamed : Step.first(filters, node, Integer.MAX_VALUE);
  }

  private void begin(CycleState state, PodInfo pod, Nominations nominations) {
    nominated = nominations.nodeOf(pod);
    running.clear();
    for (Step<SurveyFilter> step : surveyFilters) {
      if (step.filter().begin()) {
        running.add(step);
      }
    }
    ofPod.begin(state, pod);
  }

  private @Nullable Rejection byPodAndOthers(NodeInfo node) {
    return byPodAndOthers(node, Integer.MAX_VALUE);
  }

  private @Nullable Rejection byPodAndOthers(NodeInfo node, int before) {
    Rejection rejection = ofPod.first(node, before);
    if (running.isEmpty() || (rejection != null && place(rejection) < running.getFirst().place())) {
      return rejection;
    }
    Rejection surveyed = Step.first(running, node, rejection == null ? before : place(rejection));
    return surveyed != null ? surveyed : rejection;
  }

  private int place(Rejection rejection) {
    return places.getOrDefault(rejection.plugin(), places.size());
  }

  /// Why none of the nodes will do, after [#feasible] found none.
  public Diagnosis diagnosis(PodInfo pod, Nominations nominations) {
    Diagnosis diagnosis = new Diagnosis(cluster, refusal != null ? refusal : ofPod.refusal());
    // What is kept of a node is told as it is, without a look at the node: there may be thousands.
    boolean asKept =
        refusal != null || (inOrder && ofPod.refusal() == null && ofPod.namesNoOthers());
    for (int slot = 0; slot < cluster.slots(); slot++) {
      Rejection kept = asKept ? verdicts.at(slot) : null;
      NodeInfo node = kept == null ? cluster.nodeAt(slot) : null;
      Rejection rejection = node == null ? kept : rejection(pod, node, nominations);
      if (rejection != null) {
        diagnosis.add(slot, rejection);
      }
    }
    ofPod.named().plugins().forEach(diagnosis::add);
    return diagnosis;
  }

  private @Nullable Rejection rejection(PodInfo pod, NodeInfo node, Nominations nominations) {
    Rejection rejection = rejectionAsIs(node);
    return rejection == null ? besideNominated(pod, node, nominations) : rejection;
  }

  /// Why a node does not suit, as it is; null if it does.
  private @Nullable Rejection rejectionAsIs(NodeInfo node) {
    if (ofPod.refusal() != null && refusal == null) {
      return ofPod.refusal();
    }
    Rejection unnamed = ofPod.named().verdict(node);
    if (unnamed != null && refusal == null) {
      return unnamed;
    }
    Rejection rejection = verdicts.at(node.slot());
    if (rejection == null) {
      return byPodAndOthers(node);
    }
    if (inOrder || refusal != null) {
      return rejection;
    }
    Rejection earlier = byPodAndOthers(node, place(rejection));
    return earlier != null ? earlier : rejection;
  }

  /// What is said of a state that a node could be in, surveys aside.
  private @Nullable Rejection rejection(NodeInfo changed) {
    if (ofPod.refusal() != null) {
      return ofPod.refusal();
    }
    Rejection rejection = ofPod.named().verdict(changed);
    if (rejection == null) {
      rejection = byTemplate(changed);
    }
    return rejection != null ? rejection : ofPod.first(changed, Integer.MAX_VALUE);
  }

  @Override
  public boolean isLocal() {
    return running.isEmpty() && ofPod.areSilent();
  }

  @Override
  public @Nullable Rejection rejectionOf(NodeInfo changed) {
    Rejection rejection = rejection(changed);
    if (rejection != null || running.isEmpty()) {
      return rejection;
    }
    try {
      beginAnew(changed);
      return Step.first(running, changed, Integer.MAX_VALUE);
    } finally {
      NodeInfo real = cluster.nodeAt(changed.slot());
      if (real != null) {
        beginAnew(real);
      }
    }
  }

  private void beginAnew(NodeInfo changed) {
    for (Step<SurveyFilter> step : running) {
      step.filter().note(changed);
      step.filter().begin();
    }
  }

  /// The slot of the best of the nodes that [#feasible] has found; of any of them, if several are.
  public int best(CycleState state, PodInfo pod, RandomGenerator random) {
    return best(state, pod, NOTHING, random);
  }

  /// As above, with scores from elsewhere.
  ///
  /// @param extra what to add, in the order of the nodes
  public int best(CycleState state, PodInfo pod, long[] extra, RandomGenerator random) {
    best = feasible.size() == 1 ? 0 : scoring.best(feasible, state, pod, extra, random);
    return feasible.at(best);
  }

  /// What was thought of the node that [#best] has found last, and of the one after it; nothing if
  /// there was no choice.
  public List<Ranked> ranking() {
    return feasible.size() == 1 ? List.of() : scoring.ranking(feasible, best);
  }

  /// What was found of each node when [#feasible] found some, and what [#best] compared, for a
  /// record.
  ///
  /// @param names of the nodes
  /// @param advice what extenders have said
  public Table found(Column<@Nullable Object[]> names, Advice.Given advice) {
    List<Table.Scores> scores = feasible.size() == 1 ? List.of() : scoring.scores(feasible);
    return findings.found(names, decided(), cutShort, feasible, scores, advice);
  }

  private @Nullable Rejection[] decided() {
    @Nullable Rejection[] kept = verdicts.bySlot();
    if (!someAreLate) {
      return kept;
    }
    @Nullable Rejection[] decided = kept.clone();
    for (int slot = 0; slot < decided.length; slot++) {
      decided[slot] = late[slot] == null ? decided[slot] : late[slot];
    }
    return decided;
  }

  /// The same of a Pod that fits nowhere.
  public Table found(Column<@Nullable Object[]> names, Diagnosis diagnosis) {
    return findings.found(names, diagnosis);
  }

  /// The same of a Pod of which only the node was looked at that is being cleared for it.
  public static Table foundAlone(Cluster cluster, Column<@Nullable Object[]> names, NodeInfo node) {
    int[] passed = {node.slot()};
    return new Table(cluster.slots(), names, null, passed, List.of(), Map.of());
  }
}
