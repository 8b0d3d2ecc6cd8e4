package dev.tiphys.scheduler;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.scheduler.decisions.DecisionLog;
import dev.tiphys.scheduler.evaluation.Explanation;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells what was decided about Pods: what was written down when they were tried, and what every
/// plugin thinks now, which is worked out when it is asked for.
///
/// Threads: the scheduling task.
final class Decisions {

  private final Informer pods;
  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final Map<String, ProfileWork> profiles;
  private final DecisionLog tries;

  Decisions(
      Informer pods,
      Cluster cluster,
      SchedulingQueue queue,
      Nominations nominations,
      Map<String, ProfileWork> profiles,
      DecisionLog tries) {
    this.pods = pods;
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.profiles = profiles;
    this.tries = tries;
  }

  /// What was decided about a Pod; absent if there is no such Pod, or if it is none of this
  /// scheduler's, or has run its course.
  Optional<Decision> of(String namespace, String name) {
    Struct object = pods.find(namespace, name);
    if (object == null) {
      return Optional.empty();
    }
    String uid = Meta.of(object).uid();
    QueuedPod queued = queue.find(uid);
    PodInfo placed = cluster.pod(uid);
    PodInfo pod = queued != null ? queued.pod() : placed;
    ProfileWork work = pod == null ? null : profiles.get(pod.scheduler());
    if (pod == null || work == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            pod,
            queued == null ? "Scheduled" : queued.state(),
            queued == null ? 0 : queued.attempts(),
            queued == null ? List.of() : List.copyOf(queued.plugins()),
            tries.of(pod),
            Explanation.of(work.evaluations(), cluster, nominations, pod)));
  }
}
