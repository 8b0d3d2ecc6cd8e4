package dev.tiphys.controllers.autoscaling;

import java.util.HashMap;
import java.util.Map;

/// How many Pods there should be, worked out from what is used. Pure.
final class Replicas {

  private Replicas() {}

  /// From the usage of single Pods.
  ///
  /// Pods of which nothing is known are taken to use what makes for the smaller change, and never
  /// turn growth into shrinking or shrinking into growth: else the Pods that a rollout adds for a
  /// while would count as load.
  ///
  /// @param usage of the Pods whose samples count
  /// @param current how many Pods there are to be now
  static long ofPods(
      Measure measure, Map<String, Long> usage, PodGroups groups, long current, Tolerance tolerance)
      throws MetricException {
    double ratio = measure.ratio(usage);
    boolean growsWithUnready = ratio > 1 && !groups.unready().isEmpty();
    if (!growsWithUnready && groups.missing().isEmpty()) {
      return tolerance.covers(ratio) ? current : ceil(ratio * groups.ready());
    }
    Map<String, Long> filled = new HashMap<>(usage);
    for (String pod : groups.missing()) {
      if (ratio < 1) {
        filled.put(pod, measure.assumed(pod));
      } else if (ratio > 1) {
        filled.put(pod, 0L);
      }
    }
    if (growsWithUnready) {
      groups.unready().forEach(pod -> filled.put(pod, 0L));
    }
    double next = measure.ratio(filled);
    boolean turned = (ratio < 1 && next > 1) || (ratio > 1 && next < 1);
    if (tolerance.covers(next) || turned) {
      return current;
    }
    long replicas = ceil(next * filled.size());
    boolean opposite = (next < 1 && replicas > current) || (next > 1 && replicas < current);
    return opposite ? current : replicas;
  }

  /// From the usage of all Pods together.
  ///
  /// @param ratio how much is used for each unit of the target
  /// @param working how many Pods share the load
  static long ofWhole(double ratio, long working, long current, Tolerance tolerance) {
    if (current == 0) {
      return ceil(ratio);
    }
    return tolerance.covers(ratio) ? current : ceil(ratio * working);
  }

  /// From the usage of all Pods together, of which each one may have its part.
  ///
  /// @param each the part of one Pod
  /// @param present how many Pods there are
  static long ofParts(long usage, long each, long present, Tolerance tolerance) {
    double ratio = usage / ((double) each * present);
    return tolerance.covers(ratio) ? present : ceil((double) usage / each);
  }

  /// The part of one Pod in what all use; all of it where there is none.
  static long part(long usage, long present) {
    return present == 0 ? usage : (long) Math.ceil((double) usage / present);
  }

  private static long ceil(double replicas) {
    return (long) Math.min(Math.ceil(replicas), Integer.MAX_VALUE);
  }
}
