package dev.tiphys.controllers;

import dev.tiphys.client.controller.QueueMetrics;
import dev.tiphys.controllers.attachdetach.DetachMetrics;
import dev.tiphys.controllers.autoscaling.AutoscalerMetrics;
import dev.tiphys.controllers.resourceclaims.ClaimMetrics;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.util.function.Supplier;

/// What the controllers of a process count, under upstream's names: their work queues, how
/// autoscalers fare, resource claims, and volumes detached by force. Counts go on when controllers
/// are made anew.
///
/// Threads: any.
public final class ControllerMetrics {

  private final QueueMetrics queues;
  private final AutoscalerMetrics autoscaling = new AutoscalerMetrics();
  private final ClaimMetrics claims = new ClaimMetrics();
  private final DetachMetrics detaches = new DetachMetrics();

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

  /// Where resource claims are counted.
  ClaimMetrics claims() {
    return claims;
  }

  /// Where volumes that are detached by force are counted.
  DetachMetrics detaches() {
    return detaches;
  }

  /// Writes all of it.
  public void write(Exposition out) {
    queues.write(out);
    autoscaling.write(out);
    claims.write(out);
    detaches.write(out);
  }
}
