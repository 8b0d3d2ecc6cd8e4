package dev.tiphys.scheduler.plugins.resources;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Struct;
import java.util.List;

/// How a node is scored by how much of it is taken.
///
/// @param resources those that count
/// @param share the score for one of them, from 0 to 100
/// @param onlyPositive whether a resource that scores nothing does not count at all
record ScoringStrategy(List<ResourceSpec> resources, Share share, boolean onlyPositive) {

  private static final long MAX = 100;

  /// The score of a resource.
  @FunctionalInterface
  interface Share {
    /// @param all more than 0
    long of(long taken, long all);
  }

  /// @param strategy a ScoringStrategy of a NodeResourcesFitArgs, with its defaults
  static ScoringStrategy of(Struct strategy) {
    List<ResourceSpec> resources = ResourceSpec.of(strategy.structs("resources"));
    return switch (strategy.string("type")) {
      case "MostAllocated" ->
          new ScoringStrategy(resources, (taken, all) -> Math.min(taken, all) * MAX / all, false);
      case "RequestedToCapacityRatio" -> {
        Shape shape = Shape.of(strategy.structs("requestedToCapacityRatio", "shape"));
        yield new ScoringStrategy(
            resources, (taken, all) -> shape.at(taken > all ? MAX : taken * MAX / all), true);
      }
      default ->
          new ScoringStrategy(
              resources, (taken, all) -> taken > all ? 0 : (all - taken) * MAX / all, false);
    };
  }

  /// @param taken what the node's Pods and the new one take
  /// @param wanted what the new one asks for
  long score(ResourceList taken, ResourceList wanted, ResourceList all) {
    long sum = 0;
    long weights = 0;
    for (ResourceSpec each : resources) {
      long capacity = Amounts.of(all, each.name());
      boolean counts = Amounts.isCommon(each.name()) || wanted.other(each.name()) > 0;
      if (capacity == 0 || !counts) {
        continue;
      }
      long score = share.of(Amounts.of(taken, each.name()), capacity);
      if (score > 0 || !onlyPositive) {
        sum += score * each.weight();
        weights += each.weight();
      }
    }
    if (weights == 0) {
      return 0;
    }
    return onlyPositive ? Math.round((double) sum / weights) : sum / weights;
  }
}
