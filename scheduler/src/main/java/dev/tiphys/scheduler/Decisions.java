package dev.tiphys.scheduler;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.scheduler.evaluation.Explanation;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Works out what was decided about Pods when it is asked for, so that Pods which fit at once cost
/// nothing.
///
/// Threads: the scheduling task.
final class Decisions {

  private final Informer pods;
  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final Map<String, ProfileWork> profiles;

  Decisions(
      Informer pods,
      Cluster cluster,
      SchedulingQueue queue,
      Nominations nominations,
      Map<String, ProfileWork> profiles) {
    this.pods = pods;
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.profiles = profiles;
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
            Explanation.of(work.evaluations(), cluster, nominations, pod)));
  }
}
