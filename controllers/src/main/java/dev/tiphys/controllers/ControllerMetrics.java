package dev.tiphys.controllers;

import dev.tiphys.client.controller.QueueMetrics;
import dev.tiphys.controllers.autoscaling.AutoscalerMetrics;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.util.function.Supplier;

/// What the controllers of a process count, under upstream's names: their work queues, and how
/// autoscalers fare. Counts go on when controllers are made anew.
///
/// Threads: any.
public final class ControllerMetrics {

  private final QueueMetrics queues;
  private final AutoscalerMetrics autoscaling = new AutoscalerMetrics();

  public ControllerMetrics(World world) {
    this.queues = new QueueMetrics(world, QueueNames::of);
  }

  /// Makes controllers, and counts in the work queues that are made thereby.
  public <T> T during(Supplier<T> body) {
    return queues.during(body);
  }

  /// Where autoscalers are counted.
  AutoscalerMetrics autoscaling() {
    return autoscaling;
  }

  /// Writes all of it.
  public void write(Exposition out) {
    queues.write(out);
    autoscaling.write(out);
  }
}
