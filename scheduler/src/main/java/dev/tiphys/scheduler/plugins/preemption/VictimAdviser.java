package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.List;
import java.util.Map;

/// Has a say in which Pods leave for a more important one.
///
/// Threads: any. Advice may be waited for.
public interface VictimAdviser {

  /// One that is never interested.
  VictimAdviser NONE =
      new VictimAdviser() {
        @Override
        public boolean isInterestedIn(PodInfo pod) {
          return false;
        }

        @Override
        public List<NodeVictims> advise(PodInfo pod, List<NodeVictims> candidates) {
          return candidates;
        }
      };

  /// The Pods that would have to leave a node.
  ///
  /// @param victims by their uids, the most important first
  /// @param violations how many of them a budget protects
  record NodeVictims(String node, Map<String, PodInfo> victims, long violations) {}

  /// Whether it is to be asked about a Pod.
  boolean isInterestedIn(PodInfo pod);

  /// The candidates that are left, perhaps with other victims.
  ///
  /// @throws RuntimeException if no advice can be had, though it must
  List<NodeVictims> advise(PodInfo pod, List<NodeVictims> candidates) throws InterruptedException;
}
