package dev.tiphys.scheduler;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
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
import java.util.function.Consumer;
import java.util.function.Function;

/// Brings what the informers see into the scheduler's own picture of the cluster, and into its
/// queue.
///
/// Threads: objects are parsed on the informers' tasks; the rest is done on the scheduling task.
final class EventHandlers {

  private final Inbox inbox;
  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final VolumeBinder volumes;
  private final String scheduler;
  private final PodTemplates templates = new PodTemplates();

  /// @param scheduler the name of the scheduler whose Pods are queued
  EventHandlers(
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
    handle(informers.of(ApiResource.NODES), NodeFacts::of, this::nodeSeen, this::nodeGone);
    handle(
        informers.of(ApiResource.PODS),
        pod -> PodInfo.of(pod, templates),
        this::podSeen,
        this::podGone);
    handle(
        informers.of(ApiResource.NAMESPACES), Meta::of, this::namespaceSeen, this::namespaceGone);
  }

  /// Has the objects of an informer parsed on the informer's task, and handled on the scheduling
  /// task.
  private <T> void handle(
      Informer informer, Function<Struct, T> parse, Consumer<T> seen, Consumer<T> gone) {
    informer.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct object) {
            T parsed = parse.apply(object);
            inbox.post(() -> seen.accept(parsed));
          }

          @Override
          public void updated(Struct before, Struct now) {
            added(now);
          }

          @Override
          public void deleted(Struct last) {
            T parsed = parse.apply(last);
            inbox.post(() -> gone.accept(parsed));
          }
        });
  }

  private void nodeGone(NodeFacts facts) {
    cluster.forgetNode(facts.name());
    queue.onEvent(new ClusterEvent.NodeLeft(facts.name()));
  }

  private void nodeSeen(NodeFacts facts) {
    NodeInfo changed = cluster.describe(facts);
    if (changed != null) {
      queue.onEvent(new ClusterEvent.NodeChanged(changed));
    }
  }

  private void namespaceSeen(Meta namespace) {
    if (cluster.describeNamespace(namespace.name(), namespace.labels())) {
      queue.retryRefusedBy(InterPodAffinity.NAME);
    }
  }

  private void namespaceGone(Meta namespace) {
    cluster.forgetNamespace(namespace.name());
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
