package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps to a Pod's node selector and node affinity.
final class NodeAffinityPlugin implements FilterPlugin, ScorePlugin {

  private static final Rejection REJECTION =
      Rejection.lasting("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public @Nullable Filter preFilter(PodTemplate pod) {
    NodeAffinity affinity = pod.nodeAffinity();
    return affinity.hasRequirements()
        ? node -> affinity.allows(node.name(), node.facts().labels()) ? null : REJECTION
        : null;
  }

  @Override
  public Optional<Set<String>> only(PodTemplate pod) {
    return pod.nodeAffinity().only();
  }

  @Override
  public long weight() {
    return 2;
  }

  @Override
  public @Nullable Score preScore(PodTemplate pod) {
    NodeAffinity affinity = pod.nodeAffinity();
    return affinity.preferred().isEmpty()
        ? null
        : (Score.Relative) node -> affinity.preference(node.name(), node.facts().labels());
  }
}
