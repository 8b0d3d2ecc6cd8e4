package dev.tiphys.scheduler;

import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplates;
import dev.tiphys.scheduler.decisions.DecisionLog;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.NodeChanges;
import dev.tiphys.scheduler.events.PodChanges;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Brings what the informers see into the scheduler's own picture of the cluster, and into its
/// queue.
///
/// Threads: objects are parsed on the informers' tasks; the rest is done on the scheduling task.
final class EventHandlers {

  private final Inbox inbox;
  private final Cluster cluster;
  private final SchedulingQueue queue;
  private final Nominations nominations;
  private final BindingCycles bindings;
  private final DecisionLog tries;
  private final Set<String> schedulers;
  private final PodTemplates templates = new PodTemplates();

  /// @param schedulers the names of the schedulers whose Pods are queued
  EventHandlers(
      Inbox inbox,
      Cluster cluster,
      SchedulingQueue queue,
      Nominations nominations,
      BindingCycles bindings,
      DecisionLog tries,
      Set<String> schedulers) {
    this.inbox = inbox;
    this.cluster = cluster;
    this.queue = queue;
    this.nominations = nominations;
    this.bindings = bindings;
    this.tries = tries;
    this.schedulers = schedulers;
  }

  /// @param unawaited informers about what not every API server serves
  /// @param others what else some plugin waits for
  void listenTo(Informers informers, Informers unawaited, Set<Resource> others) {
    handle(informers.of(Resource.NODE.kind()), NodeFacts::of, this::nodeSeen, this::nodeGone);
    handle(
        informers.of(Resource.POD.kind()),
        pod -> PodInfo.of(pod, templates),
        this::podSeen,
        this::podGone);
    handle(
        informers.of(Resource.NAMESPACE.kind()),
        namespace -> namespace,
        this::namespaceSeen,
        this::namespaceGone);
    Set<Resource> rest = EnumSet.copyOf(others);
    rest.removeAll(EnumSet.of(Resource.NODE, Resource.POD, Resource.NAMESPACE));
    for (Resource resource : rest) {
      (resource.isEverywhere() ? informers : unawaited)
          .of(resource.kind())
          .listen(new OfResource(resource));
    }
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

  /// Makes events of the changes of a resource that only plugins know more about.
  private final class OfResource implements Informer.Listener {
    private final Resource resource;

    OfResource(Resource resource) {
      this.resource = resource;
    }

    @Override
    public void added(Struct object) {
      tell(Action.ADD, null, object);
    }

    @Override
    public void updated(Struct before, Struct now) {
      tell(Action.UPDATE, before, now);
    }

    @Override
    public void deleted(Struct last) {
      tell(Action.DELETE, last, null);
    }

    private void tell(Action action, @Nullable Struct before, @Nullable Struct now) {
      inbox.post(
          () -> queue.onEvent(new ClusterEvent.OfObject(resource, Set.of(action), before, now)));
    }
  }

  private void nodeSeen(NodeFacts facts) {
    NodeInfo known = cluster.node(facts.name());
    NodeFacts before = known == null ? null : known.facts();
    NodeInfo changed = cluster.describe(facts);
    if (changed == null) {
      return;
    }
    Set<Action> actions = before == null ? Set.of(Action.ADD) : NodeChanges.between(before, facts);
    if (!actions.isEmpty()) {
      queue.onEvent(new ClusterEvent.OfNode(actions, facts.name(), changed, before));
    }
  }

  private void nodeGone(NodeFacts facts) {
    cluster.forgetNode(facts.name());
    queue.onEvent(new ClusterEvent.OfNode(Set.of(Action.DELETE), facts.name(), null, facts));
  }

  private void namespaceSeen(Struct namespace) {
    Meta meta = Meta.of(namespace);
    if (cluster.describeNamespace(meta.name(), meta.labels())) {
      queue.onEvent(
          new ClusterEvent.OfObject(Resource.NAMESPACE, Set.of(Action.UPDATE), null, namespace));
    }
  }

  private void namespaceGone(Struct namespace) {
    cluster.forgetNamespace(Meta.of(namespace).name());
  }

  private void podSeen(PodInfo pod) {
    if (pod.over()) {
      podGone(pod);
    } else if (!pod.node().isEmpty()) {
      podAssigned(pod);
    } else if (schedulers.contains(pod.scheduler())) {
      podWaiting(pod);
    }
  }

  private void podAssigned(PodInfo pod) {
    queue.remove(pod);
    nominations.remove(pod);
    PodInfo before = cluster.pod(pod.uid());
    Cluster.Placement placement = cluster.put(pod);
    NodeInfo node = cluster.node(pod.node());
    if (placement == Cluster.Placement.NOTHING || node == null) {
      return;
    }
    if (before == null) {
      queue.onEvent(ClusterEvent.arrived(pod, node));
      return;
    }
    Set<Action> changes = PodChanges.between(before, pod);
    if (!changes.isEmpty()) {
      queue.onEvent(new ClusterEvent.OfPod(changes, pod, before, node));
    }
  }

  /// A Pod that was seen waiting, though it is assumed to be on a node, is about to be bound: the
  /// queue knows it as taken, and keeps its newest state. If the queue does not know it, it was
  /// bound, and this state of it is an old one.
  private void podWaiting(PodInfo pod) {
    QueuedPod known = queue.find(pod.uid());
    if (known == null && cluster.isPlaced(pod)) {
      return;
    }
    String before = known == null ? "" : known.pod().nominated();
    if (!cluster.isPlaced(pod) && !pod.nominated().equals(before)) {
      nominated(pod, before);
    }
    if (known == null && pod.group() != null) {
      queue.onEvent(new ClusterEvent.OfPod(Set.of(Action.ADD), pod, null, null));
    }
    queue.put(pod);
  }

  /// Takes note of a nomination that a scheduler before this one, or another program, has made or
  /// taken back; unless this one has decided otherwise since.
  private void nominated(PodInfo pod, String before) {
    if (!nominations.nodeOf(pod).equals(before)) {
      return;
    }
    if (pod.nominated().isEmpty()) {
      nominations.remove(pod);
    } else {
      nominations.put(pod, pod.nominated());
    }
  }

  private void podGone(PodInfo pod) {
    queue.remove(pod);
    tries.forget(pod);
    nominations.remove(pod);
    NodeInfo node = cluster.remove(pod);
    bindings.gone(pod);
    if (node != null) {
      queue.onEvent(ClusterEvent.left(pod, node));
    }
  }
}
