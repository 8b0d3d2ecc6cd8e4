package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node, and the Pods that would have to leave it.
///
/// @param victims the most important first; at least one
/// @param violations how many of them a budget protects
/// @param harm what candidates are compared by: they are kept, and compared over and over
record Candidate(NodeInfo node, List<PodInfo> victims, long violations, Harm harm) {

  static final Comparator<PodInfo> MOST_IMPORTANT_FIRST =
      Comparator.comparingLong((PodInfo pod) -> -pod.priority()).thenComparing(Candidate::started);

  /// The smaller harm first.
  static final Comparator<Candidate> SMALLEST_HARM_FIRST = Candidate::compareHarm;

  /// @param highest priority of a victim
  /// @param sum of the victims' priorities, each of them counted from the lowest that there is
  /// @param earliest when the first of the most important victims began
  private record Harm(long highest, long sum, Instant earliest) {
    static Harm of(List<PodInfo> victims) {
      long highest = victims.getFirst().priority();
      long sum = 0;
      Instant earliest = Instant.MAX;
      for (PodInfo victim : victims) {
        sum += victim.priority() + (1L << 31);
        Instant started = started(victim);
        if (victim.priority() == highest && started.isBefore(earliest)) {
          earliest = started;
        }
      }
      return new Harm(highest, sum, earliest);
    }
  }

  Candidate(NodeInfo node, List<PodInfo> victims, long violations) {
    this(node, List.copyOf(victims), violations, Harm.of(victims));
  }

  private static int compareHarm(Candidate one, Candidate other) {
    int order = Long.compare(one.violations, other.violations);
    if (order == 0) {
      order = Long.compare(one.harm.highest, other.harm.highest);
    }
    if (order == 0) {
      order = Long.compare(one.harm.sum, other.harm.sum);
    }
    if (order == 0) {
      order = Integer.compare(one.victims.size(), other.victims.size());
    }
    return order == 0 ? other.harm.earliest.compareTo(one.harm.earliest) : order;
  }

  /// This, for others who have a say.
  VictimAdviser.NodeVictims toVictims() {
    Map<String, PodInfo> byUid = new LinkedHashMap<>();
    victims.forEach(victim -> byUid.put(victim.uid(), victim));
    return new VictimAdviser.NodeVictims(node.name(), byUid, violations);
  }

  private static Instant started(PodInfo pod) {
    Instant started = pod.started();
    return started == null ? Instant.MAX : started;
  }
}
