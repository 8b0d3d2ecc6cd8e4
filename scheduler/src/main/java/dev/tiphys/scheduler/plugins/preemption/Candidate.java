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
record Candidate(NodeInfo node, List<PodInfo> victims, long violations) {

  static final Comparator<PodInfo> MOST_IMPORTANT_FIRST =
      Comparator.comparingLong((PodInfo pod) -> -pod.priority()).thenComparing(Candidate::started);

  /// The smaller harm first.
  static final Comparator<Candidate> SMALLEST_HARM_FIRST =
      Comparator.comparingLong(Candidate::violations)
          .thenComparingLong(candidate -> candidate.victims.getFirst().priority())
          .thenComparingLong(
              candidate ->
                  candidate.victims.stream().mapToLong(pod -> pod.priority() + (1L << 31)).sum())
          .thenComparingInt(candidate -> candidate.victims.size())
          .thenComparing(Candidate::earliestStart, Comparator.reverseOrder());

  Candidate {
    victims = List.copyOf(victims);
  }

  /// This, for others who have a say.
  VictimAdviser.NodeVictims toVictims() {
    Map<String, PodInfo> byUid = new LinkedHashMap<>();
    victims.forEach(victim -> byUid.put(victim.uid(), victim));
    return new VictimAdviser.NodeVictims(node.name(), byUid, violations);
  }

  private static Instant earliestStart(Candidate candidate) {
    long highest = candidate.victims.getFirst().priority();
    return candidate.victims.stream()
        .filter(pod -> pod.priority() == highest)
        .map(Candidate::started)
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private static Instant started(PodInfo pod) {
    Instant started = pod.started();
    return started == null ? Instant.MAX : started;
  }
}
