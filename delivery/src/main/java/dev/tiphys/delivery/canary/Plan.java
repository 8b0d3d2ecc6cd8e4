package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the steps ask for, as far as they have come.
final class Plan {

  private final Pass pass;
  private final Canary strategy;
  private final List<Step> steps;

  Plan(Pass pass) {
    this.pass = pass;
    this.strategy = pass.rollout().canary();
    this.steps = strategy.steps();
  }

  List<Step> steps() {
    return steps;
  }

  private StatusDraft status() {
    return pass.status();
  }

  /// The step that is being taken; null if none is.
  @Nullable Step current() {
    long index = status().stepIndex();
    return isOver() || index < 0 ? null : steps.get((int) index);
  }

  /// Whether there is no step left to take.
  boolean isOver() {
    return steps.isEmpty() || status().stepIndex() >= steps.size();
  }

  /// Whether the wanted template is the stable one, or becomes it without steps.
  boolean isDirect() {
    ReplicaSet stable = pass.stable();
    return stable == null || stable.name().equals(pass.newest().name());
  }

  /// The share that the canary is to have.
  long weight() {
    if (status().isAborted()) {
      return 0;
    }
    if (status().isPromotedFully() || isDirect() || isOver()) {
      return strategy.maxWeight();
    }
    return weightBefore(status().stepIndex() + 1);
  }

  /// The share that it had before the present step.
  long weightBefore() {
    return weightBefore(status().stepIndex());
  }

  private long weightBefore(long end) {
    for (int i = (int) Math.min(end, steps.size()) - 1; i >= 0; i--) {
      if (steps.get(i) instanceof Step.SetWeight(long weight)) {
        return weight;
      }
    }
    return 0;
  }

  /// The size that a step gave the canary; null if its size follows its share.
  @Nullable Long fixedSize() {
    if (status().isPromotedFully() || status().isAborted() || isOver()) {
      return null;
    }
    for (int i = (int) status().stepIndex(); i >= 0; i--) {
      if (steps.get(i) instanceof Step.SetCanaryScale scale) {
        return size(scale);
      }
    }
    return null;
  }

  private @Nullable Long size(Step.SetCanaryScale scale) {
    if (scale.matching()) {
      return null;
    }
    Long weight = scale.weight();
    return weight == null
        ? scale.replicas()
        : Long.valueOf(Math.ceilDiv(weight * pass.rollout().replicas(), 100));
  }

  BasicSizes basic() {
    return new BasicSizes(
        pass.rollout().replicas(), weight(), strategy.maxSurge(), strategy.maxUnavailable());
  }

  RoutedSizes routed() {
    return new RoutedSizes(
        pass.rollout().replicas(),
        strategy.maxWeight(),
        Math.min(strategy.minPods(), Math.max(1, pass.rollout().replicas())),
        strategy.isStableDynamic());
  }
}
