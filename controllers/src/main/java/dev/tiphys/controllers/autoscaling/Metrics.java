package dev.tiphys.controllers.autoscaling;

import static dev.tiphys.controllers.autoscaling.Conditions.SCALING_ACTIVE;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// All metrics of an autoscaler, read once.
///
/// @param api where metrics are
/// @param events where it is told that one can't be read
/// @param conditions told whether they can
/// @param counts told what came of each
record Metrics(
    World world,
    MetricsApi api,
    EventRecorder events,
    Conditions conditions,
    AutoscalerMetrics counts) {

  /// What the metrics ask for together.
  ///
  /// @param metric the one that asks for most
  /// @param metrics what they are now, one for each, empty where it is not known
  record Verdict(long replicas, String metric, List<Struct> metrics) {
    Verdict {
      metrics = List.copyOf(metrics);
    }
  }

  /// A condition of a metric that can't be read.
  private record Failure(String reason, String condition, String message) {}

  /// The largest of the sizes that metrics ask for.
  ///
  /// @param effect is told if some can't be read
  /// @throws MetricException if none asks for one, or all that do ask for less than there is while
  ///   others can't be read: those might ask for more
  Verdict read(Autoscaler autoscaler, Scaled scaled, Effect effect) throws MetricException {
    List<Struct> statuses = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    long replicas = 0;
    String metric = "";
    for (Struct spec : autoscaler.metrics()) {
      MetricSource source = MetricSource.of(spec, api);
      try {
        Proposal proposal = proposed(autoscaler, spec, source, scaled);
        statuses.add(proposal.status());
        if (replicas == 0 || proposal.replicas() > replicas) {
          replicas = proposal.replicas();
          metric = proposal.metric();
        }
      } catch (MetricException e) {
        effect.failed(false);
        events.warning(autoscaler.object(), source.failure(), e.message());
        statuses.add(Struct.of("type", ""));
        failures.add(
            new Failure(
                source.failure(),
                "the HPA was unable to compute the replica count: " + e.message(),
                source.attempt() + e.message()));
      }
    }
    boolean none = failures.size() >= autoscaler.metrics().size();
    if (none || (!failures.isEmpty() && replicas < scaled.replicas())) {
      throw unreadable(failures, autoscaler.metrics().size());
    }
    conditions.put(
        SCALING_ACTIVE,
        true,
        "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from " + metric);
    return new Verdict(replicas, metric, statuses);
  }

  private Proposal proposed(Autoscaler autoscaler, Struct spec, MetricSource source, Scaled scaled)
      throws MetricException {
    Effect effect = new Effect();
    long begin = world.nanoTime();
    try {
      Proposal proposal = source.propose(scaled);
      long present = autoscaler.object().integer("status", "currentReplicas");
      effect.scaled(present, proposal.replicas());
      return proposal;
    } catch (MetricException e) {
      effect.failed(e.isOfSpec());
      throw e;
    } finally {
      counts.computed(effect, spec.string("type"), world.nanoTime() - begin);
    }
  }

  private MetricException unreadable(List<Failure> failures, int all) {
    if (failures.isEmpty()) { // there are no metrics
      return new MetricException("invalid metrics (0 invalid out of 0)");
    }
    Failure first = failures.getFirst();
    conditions.put(SCALING_ACTIVE, false, first.reason, first.condition);
    return new MetricException(
        "invalid metrics (%d invalid out of %d), first error is: %s"
            .formatted(failures.size(), all, first.message));
  }
}
