package dev.tiphys.controllers;

import dev.tiphys.client.controller.QueueMetrics;
import dev.tiphys.controllers.resourceclaims.ClaimMetrics;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.util.function.Supplier;

/// What the controllers count that are made [#during] something. It goes on when controllers are
/// made anew.
///
/// Threads: any.
public final class ControllerMetrics {

  private final QueueMetrics queues;
  private final ClaimMetrics claims = new ClaimMetrics();

  public ControllerMetrics(World world) {
    this.queues = new QueueMetrics(world, QueueNames::of);
  }

  public <T> T during(Supplier<T> body) {
    return queues.during(() -> claims.during(body));
  }

  /// Writes all of it, if there are controllers.
  public void write(Exposition out) {
    queues.write(out);
    claims.write(out);
  }
}
