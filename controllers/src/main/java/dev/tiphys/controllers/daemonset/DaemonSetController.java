package dev.tiphys.controllers.daemonset;

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
import dev.tiphys.controllers.common.OwnerHandler;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.common.StatusWriter;
import dev.tiphys.controllers.daemonset.DaemonPods.Place;
import dev.tiphys.controllers.revisions.RevisionHistory;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps a Pod of a DaemonSet's template on each node that is for it.
///
/// Never makes two for a node, however late its informer is ([CountedPods]).
///
/// Cost of a reconcile: the nodes and the Pods of the DaemonSet; of a change of a node: the
/// DaemonSets.
public final class DaemonSetController implements Component {

  public static final String NAME = "daemon-set-controller";

  private static final String COMPONENT = "daemonset-controller";

  /// The most Pods that one reconcile makes or deletes.
  private static final int BURST = 250;

  private final World world;
  private final ClusterView cluster;
  private final Informer informer;
  private final Informer nodes;
  private final EventRecorder events;
  private final CountedPods pods;
  private final Claims claims;
  private final RevisionHistory history;
  private final EndedPods ended;
  private final StatusWriter writer;
  private final Controller controller;

  public DaemonSetController(World world, Api api, ClusterView cluster, int workers) {
    this.world = world;
    this.cluster = cluster;
    this.informer = cluster.of(ApiResource.DAEMON_SETS);
    this.nodes = cluster.of(ApiResource.NODES);
    this.events = new EventRecorder(world, api, COMPONENT, "");
    this.pods = new CountedPods(world, new PodWriter(api, events));
    this.claims = new Claims(api, ApiResource.DAEMON_SETS, ApiResource.PODS);
    this.history =
        new RevisionHistory(
            api, ApiResource.DAEMON_SETS, cluster.controllerRevisions(), DaemonPods.HASH);
    this.ended = new EndedPods(world, events);
    this.writer = new StatusWriter(api, ApiResource.DAEMON_SETS);
    this.controller = new Controller(COMPONENT, world, workers, this::reconcile);
    informer.listen(Informer.Listener.ofAll(controller::enqueue));
    nodes.listen(new Nodes());
    OwnerHandler owners =
        new OwnerHandler(
            informer,
            ApiResource.DAEMON_SETS.apiVersion(),
            ApiResource.DAEMON_SETS.kind(),
            set -> new DaemonSet(set).selector(),
            (owner, revision) -> controller.queue().add(ObjectKey.of(owner), revision));
    cluster
        .of(ApiResource.PODS)
        .listen(owners.listener(pod -> pods.seen(pod, controller.queue()), pods::gone));
  }

  /// A node that comes, or is no longer what it was to a DaemonSet, is a reason to look.
  private final class Nodes implements Informer.Listener {
    @Override
    public void added(Struct node) {
      tell(node, null);
    }

    @Override
    public void updated(Struct before, Struct now) {
      boolean same =
          Meta.of(before).labels().equals(Meta.of(now).labels())
              && Meta.same(before.get("spec", "taints"), now.get("spec", "taints"));
      if (!same) {
        tell(now, before);
      }
    }

    @Override
    public void deleted(Struct last) {
      tell(last, null);
    }

    private void tell(Struct node, @Nullable Struct before) {
      for (Struct object : informer.list()) {
        DaemonPods kind = new DaemonPods(new DaemonSet(object), "");
        Place then = before == null ? Place.UNWANTED : kind.placeOn(before);
        if (kind.placeOn(node) != then) {
          controller.queue().add(ObjectKey.of(object), Meta.of(node).revision());
        }
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = informer.find(key);
    if (object == null) {
      return Outcome.DONE;
    }
    DaemonSet set = new DaemonSet(object);
    if (set.selector().matchesEverything()) {
      events.warning(
          object,
          "SelectingAll",
          "This daemon set is selecting all pods. A non-empty selector is required.");
      return Outcome.DONE;
    }
    if (set.meta().isBeingDeleted()) {
      return Outcome.DONE;
    }
    List<Struct> known = history.of(object, set.selector());
    RevisionHistory.Present present =
        history.present(object, known, set.status().integer("collisionCount"));
    DaemonPods kind = new DaemonPods(set, Meta.of(present.revision()).label(DaemonPods.HASH));
    Placement placement = placement(set, kind);
    Duration wait = pods.wait(key);
    if (!wait.isZero()) {
      writer.write(object, placement.status(present.collisions()));
      return Outcome.again(wait);
    }
    Work work = new Work(key, set, kind);
    ApiException failure = work.perform(placement);
    if (work.changed) {
      placement = placement(set, kind);
    }
    writer.write(object, placement.status(present.collisions()));
    if (failure != null && !PodWriter.isNamespaceEnding(failure)) {
      return Outcome.RETRY;
    }
    trim(set, known, present.revision());
    return again(placement.nextAvailable(), work.stay);
  }

  private Placement placement(DaemonSet set, DaemonPods kind) {
    List<Struct> owned = claims.of(set.object(), set.selector(), cluster.pods());
    return new Placement(set, kind, nodes.list(), owned, world.now());
  }

  private Outcome again(@Nullable Instant available, @Nullable Duration stay) {
    if (available == null) {
      return stay == null ? Outcome.DONE : Outcome.again(stay);
    }
    Duration due = Duration.between(world.now(), available);
    return Outcome.again(stay == null || due.compareTo(stay) < 0 ? due : stay);
  }

  /// What one reconcile does for one DaemonSet.
  private final class Work {
    private final ObjectKey key;
    private final DaemonSet set;
    private final DaemonPods kind;
    private boolean changed;

    /// How long the next Pod that has ended stays; null if there is none.
    private @Nullable Duration stay;

    Work(ObjectKey key, DaemonSet set, DaemonPods kind) {
      this.key = key;
      this.set = set;
      this.kind = kind;
    }

    /// An update goes on once everything is in its place. Returns what went wrong, or null.
    @Nullable ApiException perform(Placement placement) throws InterruptedException {
      List<Struct> over = new ArrayList<>();
      Changes changes = placement.changes(over);
      for (Struct pod : over) {
        Duration left = ended.stay(set, pod);
        if (left.isZero()) {
          changes.doomed().add(pod);
        } else if (stay == null || left.compareTo(stay) < 0) {
          stay = left;
        }
      }
      ApiException failure = perform(changes);
      if (failure != null || !pods.wait(key).isZero() || !set.isRolling()) {
        return failure;
      }
      return perform(
          new RollingUpdate(set, kind, world.now()).changes(placement.pods(), placement.wanted()));
    }

    private @Nullable ApiException perform(Changes changes) throws InterruptedException {
      if (changes.isEmpty()) {
        return null;
      }
      changed = true;
      List<String> places = first(changes.nodes());
      ApiException refused =
          Parallel.slowStart(world, places, node -> pods.create(key, set.object(), kind.pod(node)))
              .error();
      ApiException kept = pods.delete(key, set.object(), first(changes.doomed())).error();
      return refused != null ? refused : kept;
    }

    private <T> List<T> first(List<T> all) {
      return all.subList(0, Math.min(BURST, all.size()));
    }
  }

  /// Revisions of which Pods are left stay, and count.
  private void trim(DaemonSet set, List<Struct> known, Struct present) {
    Set<String> hashes = new HashSet<>();
    cluster
        .pods()
        .ownedBy(set.meta().uid())
        .forEach(pod -> hashes.add(Meta.of(pod).label(DaemonPods.HASH)));
    Set<String> live = new HashSet<>(Set.of(Meta.of(present).name()));
    long counted = 0;
    for (Struct revision : known) {
      if (hashes.contains(Meta.of(revision).label(DaemonPods.HASH))
          && live.add(Meta.of(revision).name())) {
        counted++;
      }
    }
    history.trim(known, live, Math.max(0, set.historyLimit() - counted));
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
