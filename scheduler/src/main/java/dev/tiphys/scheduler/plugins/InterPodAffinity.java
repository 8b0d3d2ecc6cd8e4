package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.AffinityTerm;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;

/// Puts Pods near those they want near, and far from those they want far; and keeps to what the
/// Pods that run already want of the new one.
public final class InterPodAffinity implements FilterPlugin, ScorePlugin {

  public static final String NAME = "InterPodAffinity";

  private final Cluster cluster;

  InterPodAffinity(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Filter preFilter(PodTemplate pod) {
    return new AffinityFilter(pod, cluster);
  }

  @Override
  public long weight() {
    return 2;
  }

  @Override
  public Score preScore(PodTemplate pod) {
    return new AffinityScore(pod, cluster);
  }

  @Override
  public boolean mayHelp(ClusterEvent event, PodTemplate pod) {
    return switch (event) {
      // Pods of a node that is gone are in no domain any more, so they keep no others away.
      case ClusterEvent.NodeChanged _, ClusterEvent.NodeLeft _ -> true;
      case ClusterEvent.PodArrived(PodInfo other, var _) ->
          pod.podAffinity().near().stream()
              .anyMatch(term -> term.matches(other.template(), cluster));
      case ClusterEvent.PodLeft(PodInfo other, var _) -> wereApart(pod, other.template());
    };
  }

  private boolean wereApart(PodTemplate pod, PodTemplate other) {
    return anyMatches(pod.podAffinity().far(), other) || anyMatches(other.podAffinity().far(), pod);
  }

  private boolean anyMatches(Iterable<AffinityTerm> terms, PodTemplate pod) {
    for (AffinityTerm term : terms) {
      if (term.matches(pod, cluster)) {
        return true;
      }
    }
    return false;
  }
}
