package dev.tiphys.scheduler;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.Meta;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplates;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.Nominations;
import dev.tiphys.scheduler.plugins.InterPodAffinity;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import dev.tiphys.scheduler.volumes.VolumeBinder;
import dev.tiphys.scheduler.volumes.VolumeBinding;
import dev.tiphys.scheduler.volumes.VolumeZone;

/// Brings what the informers see into the scheduler's own picture of the cluster, and into its
/// queue.
///
/// Threads: objects are parsed on the informers' tasks; the rest is done on the scheduling task.
final class Changes {

  private final Inbox inbox;
  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final VolumeBinder volumes;
  private final String scheduler;
  private final PodTemplates templates = new PodTemplates();

  /// @param scheduler whose Pods are queued
  Changes(
      Inbox inbox,
      Cluster cluster,
      SchedulingQueue queue,
      Nominations nominations,
      VolumeBinder volumes,
      String scheduler) {
    this.inbox = inbox;
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.volumes = volumes;
    this.scheduler = scheduler;
  }

  /// Claims, volumes or storage classes have changed.
  void volumesChanged() {
    volumes.look();
    queue.retryRefusedBy(VolumeBinding.NAME);
    queue.retryRefusedBy(VolumeZone.NAME);
  }

  void listenTo(Informers informers) {
    informers
        .of(ApiResource.NODES)
        .listen(
            new Listening() {
              @Override
              void seen(Struct node) {
                NodeFacts facts = NodeFacts.of(node);
                inbox.post(() -> nodeSeen(facts));
              }

              @Override
              public void deleted(Struct last) {
                inbox.post(() -> cluster.forgetNode(Meta.of(last).name()));
              }
            });
    informers
        .of(ApiResource.PODS)
        .listen(
            new Listening() {
              @Override
              void seen(Struct pod) {
                PodInfo info = PodInfo.of(pod, templates);
                inbox.post(() -> podSeen(info));
              }

              @Override
              public void deleted(Struct last) {
                PodInfo info = PodInfo.of(last, templates);
                inbox.post(() -> podGone(info));
              }
            });
    informers
        .of(ApiResource.NAMESPACES)
        .listen(
            new Listening() {
              @Override
              void seen(Struct namespace) {
                Meta meta = Meta.of(namespace);
                inbox.post(() -> namespaceSeen(meta.name(), meta.labels()));
              }

              @Override
              public void deleted(Struct last) {
                inbox.post(() -> cluster.forgetNamespace(Meta.of(last).name()));
              }
            });
  }

  /// A listener that treats what is new and what has changed alike.
  private abstract static class Listening implements Informer.Listener {
    abstract void seen(Struct object);

    @Override
    public void added(Struct object) {
      seen(object);
    }

    @Override
    public void updated(Struct before, Struct now) {
      seen(now);
    }
  }

  private void nodeSeen(NodeFacts facts) {
    NodeInfo changed = cluster.describe(facts);
    if (changed != null) {
      queue.onEvent(new ClusterEvent.NodeChanged(changed));
    }
  }

  private void namespaceSeen(String name, Struct labels) {
    if (cluster.describeNamespace(name, labels)) {
      queue.retryRefusedBy(InterPodAffinity.NAME);
    }
  }

  private void podSeen(PodInfo pod) {
    if (pod.over()) {
      podGone(pod);
    } else if (!pod.node().isEmpty()) {
      podAssigned(pod);
    } else if (pod.object().string("spec", "schedulerName").equals(scheduler)) {
      podWaiting(pod);
    }
  }

  private void podAssigned(PodInfo pod) {
    queue.remove(pod);
    nominations.remove(pod);
    Cluster.Placement placement = cluster.put(pod);
    NodeInfo node = cluster.node(pod.node());
    if (placement == Cluster.Placement.NOTHING || node == null) {
      return;
    }
    if (placement == Cluster.Placement.CHANGED) {
      queue.onEvent(new ClusterEvent.PodLeft(pod, node));
    }
    queue.onEvent(new ClusterEvent.PodArrived(pod, node));
  }

  /// A Pod that was seen waiting, though it is assumed to be on a node, is about to be bound: the
  /// queue knows it as taken, and keeps its newest state.
  private void podWaiting(PodInfo pod) {
    boolean fromBefore = !queue.knows(pod) && !cluster.isPlaced(pod);
    if (fromBefore && !pod.nominated().isEmpty()) {
      nominations.put(pod, pod.nominated());
    }
    queue.put(pod);
  }

  private void podGone(PodInfo pod) {
    queue.remove(pod);
    volumes.forget(pod);
    nominations.remove(pod);
    NodeInfo node = cluster.remove(pod);
    if (node != null) {
      queue.onEvent(new ClusterEvent.PodLeft(pod, node));
    }
  }
}
