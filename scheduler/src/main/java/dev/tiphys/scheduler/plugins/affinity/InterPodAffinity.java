package dev.tiphys.scheduler.plugins.affinity;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.AffinityTerm;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.Score;
import java.util.List;

/// Puts Pods near those they want near, and far from those they want far; and keeps to what the
/// Pods that run already want of the new one.
public final class InterPodAffinity implements FilterPlugin, ScorePlugin, EnqueueExtensions {

  public static final String NAME = "InterPodAffinity";

  private final Cluster cluster;

  /// What the demand of a Pod that runs already counts for, if the new one would meet it.
  private final long demand;

  /// Whether the wishes of Pods that run already count.
  private final boolean wishesOfOthers;

  /// @param arguments an InterPodAffinityArgs
  public InterPodAffinity(Handle handle, Struct arguments) {
    this.cluster = handle.cluster();
    this.demand = arguments.integer("hardPodAffinityWeight");
    this.wishesOfOthers = !arguments.bool("ignorePreferredTermsOfExistingPods");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Filter filter(PodTemplate pod) {
    return new AffinityFilter(pod, cluster);
  }

  @Override
  public Score score(PodTemplate pod) {
    return new AffinityScore(pod, cluster, demand, wishesOfOthers);
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(
                Resource.POD,
                Action.ADD,
                Action.DELETE,
                Action.UPDATE_POD_LABEL,
                Action.UPDATE_POD_OTHER)
            .when(this::ofPod),
        // Pods of a node that is gone are in no domain any more, so they keep no others away.
        Interest.in(Resource.NODE, Action.ADD, Action.DELETE, Action.UPDATE_NODE_LABEL),
        Interest.in(Resource.NAMESPACE, Action.ADD, Action.UPDATE));
  }

  private QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    if (!(event instanceof ClusterEvent.OfPod(var actions, var other, var before, var _))
        || other.uid().equals(pod.uid())) {
      return QueueingHint.QUEUE;
    }
    PodTemplate own = pod.template();
    boolean wanted = !actions.contains(Action.DELETE) && matchesAll(own, other.template());
    boolean wereApart =
        !actions.contains(Action.ADD)
            && (areApart(own, other.template())
                || (before != null && areApart(own, before.template())));
    return queueIf(wanted || wereApart);
  }

  private boolean matchesAll(PodTemplate pod, PodTemplate other) {
    List<AffinityTerm> near = pod.podAffinity().near();
    return !near.isEmpty() && near.stream().allMatch(term -> term.matches(other, cluster));
  }

  private boolean areApart(PodTemplate pod, PodTemplate other) {
    return anyMatches(pod.podAffinity().far(), other) || anyMatches(other.podAffinity().far(), pod);
  }

  private boolean anyMatches(List<AffinityTerm> terms, PodTemplate pod) {
    for (AffinityTerm term : terms) {
      if (term.matches(pod, cluster)) {
        return true;
      }
    }
    return false;
  }
}
