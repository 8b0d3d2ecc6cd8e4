package dev.tiphys.scheduler.plugins.preemption;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.reports.PodStatusWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Sends Pods away for a more important one.
///
/// Threads: the scheduling task, but for the writes.
final class Evictor {

  private final Handle handle;
  private final PodStatusWriter status;

  /// The uids of Pods whose victims are not all on their way yet.
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  Evictor(Handle handle) {
    this.handle = handle;
    this.status = new PodStatusWriter(handle.world(), handle.api());
  }

  /// Whether victims are still to be sent away for a Pod.
  boolean isBusyFor(PodInfo pod) {
    return busy.contains(pod.uid());
  }

  /// Holds a Pod back until it is known who leaves for it.
  void hold(PodInfo pod) {
    busy.add(pod.uid());
  }

  /// Lets a Pod go for which no other leaves.
  void release(PodInfo pod) {
    busy.remove(pod.uid());
  }

  /// Tells which node is being cleared for a Pod.
  void nominate(PodInfo pod, String node) {
    handle.write(pod, () -> status.patch(pod, Struct.of("nominatedNodeName", node)));
  }

  void evict(Candidate candidate, PodInfo preemptor) {
    NodeInfo node = candidate.node();
    for (PodInfo other : handle.nominations().behind(preemptor, node)) {
      handle.nominations().remove(other);
      handle.write(other, () -> status.patch(other, Struct.of("nominatedNodeName", Null.NULL)));
    }
    busy.add(preemptor.uid());
    handle.write(preemptor, () -> evictAll(candidate.victims(), preemptor, node.name()));
  }

  private void evictAll(List<PodInfo> victims, PodInfo preemptor, String node) {
    long begin = handle.world().nanoTime();
    boolean done = false;
    try {
      boolean allLeave = true;
      for (PodInfo victim : victims.subList(0, victims.size() - 1)) {
        allLeave &= evict(victim, preemptor, node);
      }
      busy.remove(preemptor.uid());
      allLeave &= evict(victims.getLast(), preemptor, node);
      // The end of a victim is the event that the preemptor waits for, unless it was missed.
      if (!allLeave) {
        handle.activate(preemptor);
      }
      done = true;
    } catch (RuntimeException e) {
      busy.remove(preemptor.uid());
      handle.activate(preemptor);
      throw e;
    } finally {
      handle.metrics().cleared(done, handle.world().nanoTime() - begin);
    }
  }

  /// Returns false if the Pod is gone already.
  private boolean evict(PodInfo victim, PodInfo preemptor, String node) {
    for (WaitingPod waiting : handle.waitingPods()) {
      if (waiting.pod().uid().equals(victim.uid())) {
        waiting.reject(DefaultPreemption.NAME, "preempted");
        return true;
      }
    }
    status.patch(
        victim,
        Struct.of(
            "conditions",
            List.of(
                status.condition(
                    victim,
                    "DisruptionTarget",
                    "True",
                    "PreemptionByScheduler",
                    handle.scheduler() + ": preempting to accommodate a higher priority pod"))));
    try {
      handle
          .api()
          .delete(
              ApiResource.PODS,
              victim.key().namespace(),
              victim.key().name(),
              DeleteOptions.DEFAULT.ofUid(victim.uid()));
    } catch (ApiException e) {
      PodStatusWriter.throwUnlessGone(e);
      return false;
    }
    handle
        .events()
        .normal(
            victim.object(),
            preemptor.object(),
            "Preempted",
            "Preempting",
            "Preempted by pod " + preemptor.uid() + " on node " + node);
    return true;
  }
}
