package dev.tiphys.scheduler.plugins.resources;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Likes nodes whose resources the Pod would bring closer to being used alike.
public final class NodeResourcesBalancedAllocation implements ScorePlugin {

  private final List<ResourceSpec> resources;

  /// @param arguments a NodeResourcesBalancedAllocationArgs
  public NodeResourcesBalancedAllocation(Struct arguments) {
    this.resources = ResourceSpec.of(arguments.structs("resources"));
  }

  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public @Nullable Score score(PodTemplate pod) {
    ResourceList wanted = pod.requests();
    List<String> counting =
        resources.stream()
            .map(ResourceSpec::name)
            .filter(name -> Amounts.isCommon(name) || wanted.other(name) > 0)
            .toList();
    if (counting.stream().allMatch(name -> Amounts.of(wanted, name) == 0)) {
      return null;
    }
    return (Score.Absolute)
        node -> {
          ResourceList all = node.facts().allocatable();
          long before = balance(counting, node.requested(), all);
          long after = balance(counting, node.requested().plus(wanted), all);
          return Score.MAX / 2 + (Score.MAX / 2 + after - before) / 2;
        };
  }

  /// 100 if the same share of all is taken; the less, the more the shares differ.
  private static long balance(List<String> resources, ResourceList taken, ResourceList all) {
    double[] shares = new double[resources.size()];
    int count = 0;
    for (String resource : resources) {
      long capacity = Amounts.of(all, resource);
      if (capacity > 0) {
        shares[count++] = Math.min(1, (double) Amounts.of(taken, resource) / capacity);
      }
    }
    return (long) ((1 - deviation(shares, count)) * Score.MAX);
  }

  private static double deviation(double[] shares, int count) {
    if (count < 2) {
      return 0;
    }
    if (count == 2) {
      return Math.abs(shares[0] - shares[1]) / 2;
    }
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += shares[i] / count;
    }
    double variance = 0;
    for (int i = 0; i < count; i++) {
      variance += (shares[i] - mean) * (shares[i] - mean) / count;
    }
    return Math.sqrt(variance);
  }
}
