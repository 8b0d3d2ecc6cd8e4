package dev.tiphys.scheduler.plugins.preemption;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.plugins.preemption.VictimAdviser.NodeVictims;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has less important Pods leave a node for a Pod that fits nowhere: those whose leaving does the
/// least harm.
///
/// The Pods are sent away in the background. Until the last of them is being deleted, the Pod that
/// they leave for is held back, or it might take room elsewhere that others need, for nothing.
public final class DefaultPreemption
    implements PostFilterPlugin, PreEnqueuePlugin, EnqueueExtensions {

  static final String NAME = "DefaultPreemption";

  private static final System.Logger LOG = System.getLogger(DefaultPreemption.class.getName());
  private static final Rejection NOT_HELPFUL =
      Rejection.lasting(NAME, "Preemption is not helpful for scheduling");
  private static final Rejection IN_PROGRESS =
      Rejection.lasting(NAME, "waiting for the preemption for this pod to be finished");

  private final Handle handle;
  private final DisruptionBudgets budgets;
  private final Evictor evictor;
  private final VictimAdviser adviser;
  private final long leastPercentage;
  private final long leastNodes;

  /// @param arguments a DefaultPreemptionArgs
  /// @param adviser who else has a say
  public DefaultPreemption(Handle handle, Struct arguments, VictimAdviser adviser) {
    this.handle = handle;
    this.adviser = adviser;
    this.budgets = new DisruptionBudgets(handle.informers());
    this.evictor = new Evictor(handle);
    this.leastPercentage = arguments.integer("minCandidateNodesPercentage");
    this.leastNodes = arguments.integer("minCandidateNodesAbsolute");
  }

  private final KnownFindings known = new KnownFindings();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection preEnqueue(PodInfo pod) {
    return evictor.isBusyFor(pod) ? IN_PROGRESS : null;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.POD, Action.DELETE)
            .when((pod, _) -> queueIf(!evictor.isBusyFor(pod))));
  }

  @Override
  public PostFilterResult postFilter(
      CycleState state, PodInfo pod, Diagnosis diagnosis, WhatIf whatIf) {
    String ineligible = ineligible(pod, diagnosis);
    if (!ineligible.isEmpty()) {
      return PostFilterResult.untried(message(ineligible));
    }
    handle.metrics().preemptionTried();
    Diagnosis refusals = new Diagnosis(handle.cluster());
    Slots incurable = diagnosis.incurable();
    for (int i = 0; i < incurable.size(); i++) {
      refusals.add(incurable.at(i), NOT_HELPFUL);
    }
    List<Candidate> candidates = candidates(pod, diagnosis.curable(), whatIf, refusals);
    if (candidates.isEmpty()) {
      return PostFilterResult.useless(message(refusals.message(handle.cluster().nodes().size())));
    }
    if (adviser.isInterestedIn(pod)) {
      evictor.hold(pod);
      handle.write(pod, () -> consult(pod, candidates));
      return PostFilterResult.pending();
    }
    Candidate best = evictBest(candidates, pod);
    return PostFilterResult.nominated(
        best.node().name(), best.victims().stream().map(PodInfo::toString).toList());
  }

  /// Returns what is being done.
  private Candidate evictBest(List<Candidate> candidates, PodInfo pod) {
    Candidate best = Collections.min(candidates, Candidate.SMALLEST_HARM_FIRST);
    evictor.evict(best, pod);
    handle.metrics().preempted(best.victims().size());
    return best;
  }

  /// Asks for advice, in the background; the Pod is held back until there is some.
  private void consult(PodInfo pod, List<Candidate> candidates) {
    List<NodeVictims> advice;
    try {
      advice = adviser.advise(pod, candidates.stream().map(Candidate::toVictims).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "no advice on preemption: pod=" + pod + " error=" + e.getMessage());
      advice = List.of();
    }
    List<NodeVictims> given = advice;
    handle.post(
        () -> {
          try {
            advised(pod, given);
          } catch (RuntimeException e) {
            evictor.release(pod);
            throw e;
          }
        });
  }

  private void advised(PodInfo pod, List<NodeVictims> advice) {
    List<Candidate> candidates = new ArrayList<>();
    for (NodeVictims each : advice) {
      NodeInfo node = handle.cluster().node(each.node());
      if (node != null && !each.victims().isEmpty()) {
        candidates.add(
            new Candidate(
                node,
                each.victims().values().stream().sorted(Candidate.MOST_IMPORTANT_FIRST).toList(),
                each.violations()));
      }
    }
    if (candidates.isEmpty()) {
      evictor.release(pod);
    } else {
      String node = evictBest(candidates, pod).node().name();
      handle.nominations().put(pod, node);
      evictor.nominate(pod, node);
    }
  }

  private static String message(String why) {
    return "preemption: " + why;
  }

  /// @param refusals to be told why nodes are no candidates
  private List<Candidate> candidates(PodInfo pod, Slots nodes, WhatIf whatIf, Diagnosis refusals) {
    CandidateSearch search = new CandidateSearch(pod, handle.nominations(), budgets, whatIf);
    boolean keep = whatIf.isLocal() && budgets.isEmpty();
    int enough = (int) Math.max(leastNodes, nodes.size() * leastPercentage / 100);
    List<Candidate> candidates = new ArrayList<>(Math.min(enough, nodes.size()));
    String nominated = handle.nominations().nodeOf(pod);
    int offset = nodes.isEmpty() ? 0 : handle.random().nextInt(nodes.size());
    for (int i = 0; i < nodes.size() && candidates.size() < enough; i++) {
      NodeInfo node = handle.cluster().nodeAt(nodes.at((offset + i) % nodes.size()));
      if (node == null) {
        continue;
      }
      CandidateSearch.Finding finding =
          keep && !nominated.equals(node.name())
              ? known.of(pod, node, handle.nominations(), search::consider)
              : search.consider(node);
      switch (finding) {
        case CandidateSearch.Finding.Found(var candidate) -> candidates.add(candidate);
        case CandidateSearch.Finding.None(var why) -> refusals.add(node, why);
      }
    }
    return candidates;
  }

  private String ineligible(PodInfo pod, Diagnosis diagnosis) {
    if (pod.object().string("spec", "preemptionPolicy").equals("Never")) {
      return "not eligible due to preemptionPolicy=Never.";
    }
    NodeInfo nominated = handle.cluster().node(handle.nominations().nodeOf(pod));
    boolean clearing =
        nominated != null
            && !diagnosis.isIncurable(nominated)
            && nominated.pods().stream()
                .anyMatch(other -> other.priority() < pod.priority() && isPreempted(other));
    return clearing ? "not eligible due to a terminating pod on the nominated node." : "";
  }

  /// Whether a Pod is leaving because a scheduler has sent it away.
  private static boolean isPreempted(PodInfo pod) {
    Struct target = Meta.condition(pod.object(), "DisruptionTarget");
    return pod.ending()
        && target != null
        && target.string("status").equals("True")
        && target.string("reason").equals("PreemptionByScheduler");
  }
}
