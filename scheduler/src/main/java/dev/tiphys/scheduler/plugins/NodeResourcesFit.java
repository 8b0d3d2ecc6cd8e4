package dev.tiphys.scheduler.plugins;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keeps the requests of a node's Pods within what it has; likes those best of which the largest
/// share stays free.
final class NodeResourcesFit implements FilterPlugin, ScorePlugin {

  private static final String NAME = "NodeResourcesFit";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Filter preFilter(PodTemplate pod) {
    return node -> rejection(pod.requests(), node);
  }

  private static @Nullable Rejection rejection(ResourceList wanted, NodeInfo node) {
    boolean room = node.pods().size() < node.facts().pods();
    return room && fits(wanted, node.requested(), node.facts().allocatable())
        ? null
        : shortage(wanted, node, room);
  }

  private static boolean fits(ResourceList wanted, ResourceList taken, ResourceList all) {
    return lacks(wanted.cpu(), taken.cpu(), all.cpu())
                + lacks(wanted.memory(), taken.memory(), all.memory())
                + lacks(wanted.ephemeralStorage(), taken.ephemeralStorage(), all.ephemeralStorage())
            == 0
        && wanted.others().entrySet().stream()
            .allMatch(
                each ->
                    lacks(each.getValue(), taken.other(each.getKey()), all.other(each.getKey()))
                        == 0);
  }

  /// 0 if the rest is enough, 1 if it is not, 2 if even all would not be.
  private static int lacks(long wanted, long taken, long all) {
    if (wanted == 0 || wanted <= all - taken) {
      return 0;
    }
    return wanted > all ? 2 : 1;
  }

  private static Rejection shortage(ResourceList wanted, NodeInfo node, boolean room) {
    Shortage shortage = new Shortage();
    if (!room) {
      shortage.reasons.add("Too many pods");
    }
    ResourceList taken = node.requested();
    ResourceList all = node.facts().allocatable();
    shortage.of("cpu", wanted.cpu(), taken.cpu(), all.cpu());
    shortage.of("memory", wanted.memory(), taken.memory(), all.memory());
    shortage.of(
        "ephemeral-storage",
        wanted.ephemeralStorage(),
        taken.ephemeralStorage(),
        all.ephemeralStorage());
    for (String other : new TreeSet<>(wanted.others().keySet())) {
      shortage.of(other, wanted.other(other), taken.other(other), all.other(other));
    }
    return new Rejection(NAME, shortage.reasons, shortage.curable);
  }

  /// Collects what a node lacks.
  private static final class Shortage {
    final List<String> reasons = new ArrayList<>();
    boolean curable = true;

    void of(String resource, long wanted, long taken, long all) {
      int lack = lacks(wanted, taken, all);
      if (lack > 0) {
        reasons.add("Insufficient " + resource);
        curable &= lack < 2;
      }
    }
  }

  @Override
  public long weight() {
    return 1;
  }

  @Override
  public Score preScore(PodTemplate pod) {
    return (Score.Absolute)
        node -> leastAllocated(node.scored().plus(pod.scored()), node.facts().allocatable());
  }

  private static long leastAllocated(ResourceList taken, ResourceList all) {
    int kinds = (all.cpu() == 0 ? 0 : 1) + (all.memory() == 0 ? 0 : 1);
    return kinds == 0
        ? 0
        : (free(taken.cpu(), all.cpu()) + free(taken.memory(), all.memory())) / kinds;
  }

  private static long free(long taken, long all) {
    return taken > all || all == 0 ? 0 : (all - taken) * Score.MAX / all;
  }
}
