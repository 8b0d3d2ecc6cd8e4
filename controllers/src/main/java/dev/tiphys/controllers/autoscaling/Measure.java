package dev.tiphys.controllers.autoscaling;

import java.util.Map;

/// What the usage of Pods is held against. Pure.
///
/// Usage is given by the Pods' names, in thousandths.
sealed interface Measure {

  /// How much is used for each unit of the target: 1 is just right.
  ///
  /// @param usage of at least one Pod
  double ratio(Map<String, Long> usage) throws MetricException;

  /// What a Pod that nothing is known of is taken to use where fewer Pods would do.
  long assumed(String pod);

  /// What Pods use on average.
  static long average(Map<String, Long> usage) {
    return total(usage) / usage.size();
  }

  private static long total(Map<String, Long> usage) {
    return usage.values().stream().mapToLong(Long::longValue).sum();
  }

  /// The average of each Pod's usage.
  record Average(long target) implements Measure {
    @Override
    public double ratio(Map<String, Long> usage) {
      return (double) average(usage) / target;
    }

    @Override
    public long assumed(String pod) {
      return target;
    }
  }

  /// The usage of all Pods as a share of what they request.
  ///
  /// @param requests what each known Pod requests
  /// @param target in percent
  record Utilization(Map<String, Long> requests, long target) implements Measure {
    public Utilization {
      requests = Map.copyOf(requests);
    }

    @Override
    public double ratio(Map<String, Long> usage) throws MetricException {
      return (double) percent(usage) / target;
    }

    /// The share that is used, in percent.
    long percent(Map<String, Long> usage) throws MetricException {
      long requested = 0;
      long used = 0;
      for (Map.Entry<String, Long> pod : usage.entrySet()) {
        Long request = requests.get(pod.getKey());
        if (request != null) {
          requested += request;
          used += pod.getValue();
        }
      }
      if (requested == 0) {
        throw new MetricException("no metrics returned matched known pods");
      }
      return used * 100 / requested;
    }

    /// What a Pod that is known uses on average.
    long averageOfKnown(Map<String, Long> usage) {
      long used = 0;
      long known = 0;
      for (Map.Entry<String, Long> pod : usage.entrySet()) {
        if (requests.containsKey(pod.getKey())) {
          used += pod.getValue();
          known++;
        }
      }
      return used / known;
    }

    @Override
    public long assumed(String pod) {
      return requests.getOrDefault(pod, 0L) * Math.max(100, target) / 100;
    }
  }
}
