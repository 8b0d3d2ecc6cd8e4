package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;
import org.jspecify.annotations.Nullable;

/// Likes nodes whose CPU and memory the Pod would bring closer to being used alike.
final class NodeResourcesBalancedAllocation implements ScorePlugin {

  @Override
  public long weight() {
    return 1;
  }

  @Override
  public @Nullable Score preScore(PodTemplate pod) {
    ResourceList wanted = pod.requests();
    if (wanted.cpu() == 0 && wanted.memory() == 0) {
      return null;
    }
    return (Score.Absolute)
        node -> {
          ResourceList all = node.facts().allocatable();
          long before = balance(node.requested(), all);
          long after = balance(node.requested().plus(wanted), all);
          return Score.MAX / 2 + (Score.MAX / 2 + after - before) / 2;
        };
  }

  /// 100 if the same share of both is taken, 50 if all of one and none of the other.
  private static long balance(ResourceList taken, ResourceList all) {
    if (all.cpu() == 0 || all.memory() == 0) {
      return Score.MAX;
    }
    double cpu = Math.min(1, (double) taken.cpu() / all.cpu());
    double memory = Math.min(1, (double) taken.memory() / all.memory());
    return (long) ((1 - Math.abs(cpu - memory) / 2) * Score.MAX);
  }
}
