package dev.tiphys.controllers.autoscaling;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which of a workload's Pods a metric says something about, by their names. Pure.
///
/// @param ready how many Pods have a sample that counts
/// @param unready Pods that do not work yet: what they use says nothing
/// @param missing Pods that work and have no sample
/// @param ignored Pods that are on their way out
record PodGroups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {

  /// How long a Pod may need much CPU just because it starts.
  private static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);

  /// A Pod that stopped being ready this early has never been.
  private static final Duration INITIAL_READINESS = Duration.ofSeconds(30);

  PodGroups {
    unready = Set.copyOf(unready);
    missing = Set.copyOf(missing);
    ignored = Set.copyOf(ignored);
  }

  /// @param cpu whether the samples are of CPU, of which Pods use more while they start
  static PodGroups of(List<Struct> pods, Map<String, Sample> samples, boolean cpu, Instant now) {
    int ready = 0;
    Set<String> unready = new HashSet<>();
    Set<String> missing = new HashSet<>();
    Set<String> ignored = new HashSet<>();
    for (Struct pod : pods) {
      String name = Meta.of(pod).name();
      String phase = pod.string("status", "phase");
      Sample sample = samples.get(name);
      if (Meta.of(pod).isBeingDeleted() || phase.equals("Failed")) {
        ignored.add(name);
      } else if (phase.equals("Pending")) {
        unready.add(name);
      } else if (sample == null) {
        missing.add(name);
      } else if (cpu && isStarting(pod, sample, now)) {
        unready.add(name);
      } else {
        ready++;
      }
    }
    return new PodGroups(ready, unready, missing, ignored);
  }

  private static boolean isStarting(Struct pod, Sample sample, Instant now) {
    Struct ready = Meta.condition(pod, "Ready");
    Instant started = Timestamps.of(pod.get("status", "startTime"));
    if (ready == null || started == null) {
      return true;
    }
    Instant changed = changed(ready);
    boolean isNotReady = ready.string("status").equals("False");
    if (started.plus(CPU_INITIALIZATION).isAfter(now)) {
      return isNotReady || sample.taken().isBefore(changed.plus(sample.window()));
    }
    return isNotReady && started.plus(INITIAL_READINESS).isAfter(changed);
  }

  private static Instant changed(Struct condition) {
    Instant time = Timestamps.of(condition.get("lastTransitionTime"));
    return time == null ? Instant.EPOCH : time;
  }

  /// The Pods that work: they run and are ready.
  static long working(List<Struct> pods) {
    return pods.stream()
        .filter(pod -> pod.string("status", "phase").equals("Running") && Pods.isReady(pod))
        .count();
  }
}
