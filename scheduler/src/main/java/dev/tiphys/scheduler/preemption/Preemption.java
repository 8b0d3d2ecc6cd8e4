package dev.tiphys.scheduler.preemption;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.Diagnosis;
import dev.tiphys.scheduler.framework.Evaluation;
import dev.tiphys.scheduler.framework.Nominations;
import dev.tiphys.scheduler.framework.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Upstream's default preemption: finds the node where the fewest and least important Pods would
/// have to leave for a Pod to fit. It only decides; [Cycle] has the Pods deleted.
///
/// Threads: the scheduling task.
public final class Preemption {

  private static final String NAME = "DefaultPreemption";
  private static final Rejection NOT_HELPFUL =
      Rejection.lasting(NAME, "Preemption is not helpful for scheduling");
  private static final Rejection NO_VICTIMS =
      Rejection.curable(NAME, "No preemption victims found for incoming pod");

  /// At least so many nodes are compared, or a tenth of all if that is more.
  private static final int ENOUGH = 100;

  private static final Comparator<PodInfo> MOST_IMPORTANT_FIRST =
      Comparator.comparingLong((PodInfo pod) -> -pod.priority()).thenComparing(Preemption::started);

  private final Cluster cluster;
  private final Nominations nominations;
  private final DisruptionBudgets budgets;

  /// What came of it.
  public sealed interface Outcome {
    /// The node fits once the victims are gone.
    record Cleared(NodeInfo node, List<PodInfo> victims) implements Outcome {}

    /// It would not help; the message says why, in upstream's words.
    record Useless(String message) implements Outcome {}

    /// It is not tried, for now or at all. A node that is being cleared goes on being so.
    record Ineligible(String message) implements Outcome {}
  }

  /// A node, and the Pods that would have to leave it.
  private record Candidate(NodeInfo node, List<PodInfo> victims, long violations) {}

  public Preemption(Cluster cluster, Nominations nominations, DisruptionBudgets budgets) {
    this.cluster = cluster;
    this.nominations = nominations;
    this.budgets = budgets;
  }

  /// Looks for room for a Pod that no node has.
  ///
  /// @param diagnosis why no node has
  public Outcome attempt(
      PodInfo pod, Evaluation evaluation, Diagnosis diagnosis, RandomGenerator random) {
    String ineligible = ineligible(pod);
    if (!ineligible.isEmpty()) {
      return new Outcome.Ineligible(ineligible);
    }
    List<NodeInfo> curable = diagnosis.curable();
    Diagnosis refusals = new Diagnosis();
    diagnosis.incurable().forEach(node -> refusals.add(node, NOT_HELPFUL));
    List<Candidate> candidates = new ArrayList<>();
    int enough = Math.max(ENOUGH, cluster.nodes().size() / 10);
    int offset = curable.isEmpty() ? 0 : random.nextInt(curable.size());
    for (int i = 0; i < curable.size() && candidates.size() < enough; i++) {
      NodeInfo node = curable.get((offset + i) % curable.size());
      switch (consider(pod, node, evaluation)) {
        case Found(var candidate) -> candidates.add(candidate);
        case Not(var rejection) -> refusals.add(node, rejection);
      }
    }
    if (candidates.isEmpty()) {
      return new Outcome.Useless(refusals.message(cluster.nodes().size()));
    }
    Candidate best = candidates.stream().min(Preemption::compare).orElseThrow();
    return new Outcome.Cleared(best.node, best.victims);
  }

  private String ineligible(PodInfo pod) {
    if (pod.object().string("spec", "preemptionPolicy").equals("Never")) {
      return "not eligible due to preemptionPolicy=Never.";
    }
    NodeInfo nominated = cluster.node(nominations.nodeOf(pod));
    boolean clearing =
        nominated != null
            && nominated.pods().stream()
                .anyMatch(other -> other.ending() && other.priority() < pod.priority());
    return clearing ? "not eligible due to a terminating pod on the nominated node." : "";
  }

  private sealed interface Consideration {}

  private record Found(Candidate candidate) implements Consideration {}

  private record Not(Rejection rejection) implements Consideration {}

  private static final Consideration NO_CANDIDATE = new Not(NO_VICTIMS);

  /// Takes all less important Pods off a node, then gives back as many as fit.
  private Consideration consider(PodInfo pod, NodeInfo node, Evaluation evaluation) {
    if (node.lowestPriority() >= pod.priority()) {
      return NO_CANDIDATE;
    }
    List<PodInfo> lower =
        node.pods().stream().filter(other -> other.priority() < pod.priority()).toList();
    Set<PodInfo> gone = new LinkedHashSet<>(lower);
    Rejection rejection = rejection(pod, node, gone, evaluation);
    if (rejection != null) {
      return new Not(rejection);
    }
    Set<PodInfo> unprotected = new LinkedHashSet<>();
    List<PodInfo> inOrder = new ArrayList<>(lower);
    inOrder.sort(MOST_IMPORTANT_FIRST);
    Set<PodInfo> shielded = budgets.violated(inOrder);
    for (PodInfo other : inOrder) {
      if (!shielded.contains(other)) {
        unprotected.add(other);
      }
    }
    long violations = giveBack(shielded, pod, node, gone, evaluation);
    giveBack(unprotected, pod, node, gone, evaluation);
    List<PodInfo> victims = new ArrayList<>(gone);
    victims.sort(MOST_IMPORTANT_FIRST);
    return new Found(new Candidate(node, List.copyOf(victims), violations));
  }

  /// Returns how many could not be given back.
  private long giveBack(
      Set<PodInfo> some, PodInfo pod, NodeInfo node, Set<PodInfo> gone, Evaluation evaluation) {
    long refused = 0;
    for (PodInfo other : some) {
      gone.remove(other);
      if (rejection(pod, node, gone, evaluation) != null) {
        gone.add(other);
        refused++;
      }
    }
    return refused;
  }

  private @Nullable Rejection rejection(
      PodInfo pod, NodeInfo node, Set<PodInfo> gone, Evaluation evaluation) {
    return evaluation.rejectionOf(node.changed(gone, nominations.ahead(pod, node)));
  }

  /// The smaller harm first.
  private static int compare(Candidate one, Candidate other) {
    return Comparator.comparingLong(Candidate::violations)
        .thenComparingLong(candidate -> candidate.victims.getFirst().priority())
        .thenComparingLong(
            candidate ->
                candidate.victims.stream().mapToLong(pod -> pod.priority() + (1L << 31)).sum())
        .thenComparingInt(candidate -> candidate.victims.size())
        .thenComparing(Preemption::earliestStart, Comparator.reverseOrder())
        .compare(one, other);
  }

  private static Instant earliestStart(Candidate candidate) {
    long highest = candidate.victims.getFirst().priority();
    return candidate.victims.stream()
        .filter(pod -> pod.priority() == highest)
        .map(Preemption::started)
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private static Instant started(PodInfo pod) {
    Instant started = pod.started();
    return started == null ? Instant.MAX : started;
  }
}
