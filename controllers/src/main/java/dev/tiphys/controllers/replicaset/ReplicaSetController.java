package dev.tiphys.controllers.replicaset;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.CountedPods;
import dev.tiphys.controllers.common.Debounce;
import dev.tiphys.controllers.common.OwnerHandler;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps as many Pods of a ReplicaSet's template as it wants.
///
/// Never makes more than are wanted, however late its informer is: it changes the number only when
/// it has seen all that it did before ([CountedPods]).
///
/// Cost of a reconcile: the Pods of the ReplicaSet, the namespace's Pods without an owner, and when
/// some are to be deleted, the Pods of its Deployment; see also [Debounce].
public final class ReplicaSetController implements Component {

  /// The most Pods that one reconcile makes or deletes.
  private static final int BURST = 500;

  private final World world;
  private final Api api;
  private final ReplicaKind kind;
  private final ClusterView cluster;
  private final Informer informer;
  private final EventRecorder events;
  private final CountedPods pods;
  private final Claims claims;
  private final DeletionMetrics metrics;
  private final Controller controller;

  public ReplicaSetController(
      World world,
      Api api,
      ClusterView cluster,
      ReplicaKind kind,
      DeletionMetrics metrics,
      int workers) {
    this.world = world;
    this.metrics = metrics;
    this.api = api;
    this.kind = kind;
    this.cluster = cluster;
    this.informer = cluster.of(kind.resource());
    this.events = new EventRecorder(world, api, kind.component(), "");
    this.pods = new CountedPods(world, new PodWriter(api, events));
    this.claims = new Claims(api, kind.resource(), ApiResource.PODS);
    this.controller = new Controller(kind.component(), world, workers, this::reconcile);
    informer.listen(Informer.Listener.ofAll(controller::enqueue));
    OwnerHandler owners =
        new OwnerHandler(
            informer,
            kind.resource().apiVersion(),
            kind.resource().kind(),
            kind::selectorOf,
            this::enqueue);
    cluster
        .of(ApiResource.PODS)
        .listen(owners.listener(pod -> pods.seen(pod, controller.queue()), pods::gone));
  }

  @Override
  public void start() {
    controller.start();
  }

  private void enqueue(Struct owner, long revision) {
    long pods = Math.max(owner.integer("spec", "replicas"), owner.integer("status", "replicas"));
    Debounce.add(controller.queue(), ObjectKey.of(owner), revision, pods);
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = informer.find(key);
    if (object == null) {
      return Outcome.DONE;
    }
    Duration wait = pods.wait(key);
    boolean mayChange = wait.isZero() && !Meta.of(object).isBeingDeleted();
    LabelSelector selector = kind.selectorOf(object);
    List<Struct> owned = claims.of(object, selector, cluster.pods());
    ApiException failure = mayChange ? scale(key, object, owned) : null;
    ReplicaStatus status = new ReplicaStatus(kind, world.now());
    write(object, status.of(object, owned, failure));
    if (failure != null && !PodWriter.isNamespaceEnding(failure)) {
      return Outcome.RETRY;
    }
    Instant next = status.nextAvailable(object, owned);
    Duration after = next == null ? Duration.ZERO : Duration.between(world.now(), next);
    if (!wait.isZero() && (next == null || wait.compareTo(after) < 0)) {
      return Outcome.again(wait);
    }
    return next == null ? Outcome.DONE : Outcome.again(after);
  }

  /// Makes or deletes Pods. Returns what went wrong, or null.
  private @Nullable ApiException scale(ObjectKey key, Struct object, List<Struct> owned)
      throws InterruptedException {
    List<Struct> active = owned.stream().filter(Pods::isActive).toList();
    long missing = object.integer("spec", "replicas") - active.size();
    if (missing > 0 && !isEnding(object, owned)) {
      return create(key, object, (int) Math.min(missing, BURST));
    }
    if (missing < 0) {
      return delete(key, object, active, (int) Math.min(-missing, BURST));
    }
    return null;
  }

  /// Whether the owner is being deleted, though the informer does not tell yet. Pods that are being
  /// deleted may be so because their owner is, and news of the one can come before news of the
  /// other.
  private boolean isEnding(Struct object, List<Struct> owned) {
    if (owned.stream().noneMatch(pod -> Meta.of(pod).isBeingDeleted())) {
      return false;
    }
    Meta meta = Meta.of(object);
    Struct live = api.find(kind.resource(), meta.namespace(), meta.name());
    return live == null
        || Meta.of(live).isBeingDeleted()
        || !Meta.of(live).uid().equals(meta.uid());
  }

  private @Nullable ApiException create(ObjectKey key, Struct object, int count)
      throws InterruptedException {
    Struct wanted =
        Templates.podOf(Meta.of(object), object.struct("spec", "template"))
            .withAt(Meta.of(object).name() + "-", "metadata", "generateName");
    return Parallel.slowStart(world, count, () -> pods.create(key, object, wanted)).error();
  }

  private @Nullable ApiException delete(
      ObjectKey key, Struct object, List<Struct> active, int count) throws InterruptedException {
    List<Struct> going = active;
    if (count < active.size()) {
      Instant now = world.now();
      going = new DeletionOrder(related(object, active), now).first(active, count);
      metrics.chosen(going, active, now);
    }
    return pods.delete(key, object, going).error();
  }

  /// The active Pods of all ReplicaSets that have the same owner.
  private List<Struct> related(Struct object, List<Struct> own) {
    Struct owner = Meta.of(object).controller();
    if (owner == null || kind != ReplicaKind.REPLICA_SET) {
      return own;
    }
    List<Struct> related = new ArrayList<>();
    for (Struct sibling : cluster.replicaSets().ownedBy(owner.string("uid"))) {
      for (Struct pod : cluster.pods().ownedBy(Meta.of(sibling).uid())) {
        if (Pods.isActive(pod)) {
          related.add(pod);
        }
      }
    }
    return related;
  }

  /// Writes the status if it changed. A conflict is tried once more, with the newest state.
  private void write(Struct object, Struct status) {
    if (status.equals(object.struct("status"))) {
      return;
    }
    try {
      api.update(kind.resource(), object.with("status", status), "status");
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return;
      }
      if (!e.is(Reason.CONFLICT)) {
        throw e;
      }
      again(object, status);
    }
  }

  private void again(Struct object, Struct status) {
    Meta meta = Meta.of(object);
    Struct live = api.find(kind.resource(), meta.namespace(), meta.name());
    if (live != null && Meta.of(live).uid().equals(meta.uid())) {
      api.update(kind.resource(), live.with("status", status), "status");
    }
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
