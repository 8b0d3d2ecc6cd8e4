package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spreads Pods evenly over zones, nodes, or whatever else a label tells apart.
final class PodTopologySpread implements FilterPlugin, ScorePlugin {

  static final String NAME = "PodTopologySpread";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Filter preFilter(PodTemplate pod) {
    List<SpreadConstraint> required =
        pod.spread().stream().filter(SpreadConstraint::required).toList();
    return required.isEmpty() ? null : new SpreadFilter(pod, required);
  }

  @Override
  public long weight() {
    return 2;
  }

  @Override
  public @Nullable Score preScore(PodTemplate pod) {
    List<SpreadConstraint> wished =
        pod.spread().stream().filter(constraint -> !constraint.required()).toList();
    return wished.isEmpty() ? null : new SpreadScore(pod, wished);
  }

  @Override
  public boolean mayHelp(ClusterEvent event, PodTemplate pod) {
    return switch (event) {
      // A domain that is gone, or has lost a node, may have been the one with the fewest Pods.
      case ClusterEvent.NodeChanged _, ClusterEvent.NodeLeft _ -> true;
      case ClusterEvent.PodArrived(var other, var _) -> counts(other.template(), pod);
      case ClusterEvent.PodLeft(var other, var _) -> counts(other.template(), pod);
    };
  }

  private static boolean counts(PodTemplate other, PodTemplate pod) {
    return other.namespace().equals(pod.namespace())
        && pod.spread().stream()
            .anyMatch(constraint -> constraint.selector().matches(other.labels()));
  }
}
