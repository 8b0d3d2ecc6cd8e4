package dev.tiphys.controllers.autoscaling;

import java.util.HashMap;
import java.util.Map;

/// The samples of a workload's Pods, sorted by whether they count.
///
/// @param groups all its Pods
/// @param values what those use whose samples count, by name, in thousandths; never empty
record PodUsage(PodGroups groups, Map<String, Long> values) {

  PodUsage {
    values = Map.copyOf(values);
  }

  /// @param cpu whether the samples are of CPU
  static PodUsage of(Scaled scaled, Map<String, Sample> samples, boolean cpu)
      throws MetricException {
    if (scaled.pods().isEmpty()) {
      throw new MetricException("no pods returned by selector while calculating replica count");
    }
    PodGroups groups = PodGroups.of(scaled.pods(), samples, cpu, scaled.now());
    Map<String, Long> values = new HashMap<>();
    samples.forEach((pod, sample) -> values.put(pod, sample.value()));
    values.keySet().removeAll(groups.ignored());
    values.keySet().removeAll(groups.unready());
    if (values.isEmpty()) {
      throw new MetricException(
          "did not receive metrics for targeted pods (pods might be unready)");
    }
    return new PodUsage(groups, values);
  }

  /// How many Pods there should be, by a measure.
  long replicas(Measure measure, Scaled scaled) throws MetricException {
    return Replicas.ofPods(measure, values, groups, scaled.replicas(), scaled.tolerance());
  }
}
