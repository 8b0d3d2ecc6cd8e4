package dev.tiphys.controllers.statefulset;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.OwnerHandler;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.StatusWriter;
import dev.tiphys.controllers.revisions.RevisionHistory;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps the Pods of StatefulSets: each under a name of its own, in order, with claims that outlive
/// it.
///
/// Names make Pods that there can be only once, so what its informer does not show yet does no
/// harm: a second creation is refused, and a deletion is of one uid.
///
/// Cost of a reconcile: the Pods of the set with their claims, its revisions, and the namespace's
/// Pods without an owner.
public final class StatefulSetController implements Component {

  public static final String NAME = "statefulset-controller";

  private final World world;
  private final ClusterView cluster;
  private final Informer informer;
  private final EventRecorder events;
  private final Claims owned;
  private final RevisionHistory history;
  private final PodClaims claims;
  private final PodActions actions;
  private final StatusWriter writer;
  private final Controller controller;

  public StatefulSetController(World world, Api api, ClusterView cluster, int workers) {
    this.world = world;
    this.cluster = cluster;
    this.informer = cluster.of(ApiResource.STATEFUL_SETS);
    this.events = new EventRecorder(world, api, NAME, "");
    this.owned = new Claims(api, ApiResource.STATEFUL_SETS, ApiResource.PODS);
    this.history =
        new RevisionHistory(
            api,
            ApiResource.STATEFUL_SETS,
            cluster.controllerRevisions(),
            "controller.kubernetes.io/hash");
    this.claims = new PodClaims(api, cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS), events);
    this.actions = new PodActions(api, events, claims);
    this.writer = new StatusWriter(api, ApiResource.STATEFUL_SETS);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    informer.listen(Informer.Listener.ofAll(controller::enqueue));
    OwnerHandler owners =
        new OwnerHandler(
            informer,
            ApiResource.STATEFUL_SETS.apiVersion(),
            ApiResource.STATEFUL_SETS.kind(),
            set -> new StatefulSet(set).selector(),
            (owner, revision) -> controller.queue().add(ObjectKey.of(owner), revision));
    cluster.of(ApiResource.PODS).listen(owners.listener(_ -> {}, _ -> {}));
    cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS).listen(new EndOfClaims());
  }

  /// A Pod whose claim is gone needs another one.
  private final class EndOfClaims implements Informer.Listener {
    @Override
    public void deleted(Struct last) {
      Meta claim = Meta.of(last);
      for (Struct object : informer.list(claim.namespace())) {
        boolean mayBeIts =
            new StatefulSet(object)
                .claimTemplates().stream()
                    .map(template -> Meta.of(template).name() + "-" + Meta.of(object).name() + "-")
                    .anyMatch(claim.name()::startsWith);
        if (mayBeIts) {
          controller.queue().add(ObjectKey.of(object), claim.revision());
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
    StatefulSet set = new StatefulSet(object);
    if (set.selector().matchesEverything()) {
      return Outcome.DONE;
    }
    List<Struct> known = history.of(object, set.selector());
    List<Struct> pods = new ArrayList<>(owned.of(object, pod -> isOf(set, pod), cluster.pods()));
    RevisionHistory.Present present =
        history.present(object, known, set.status().integer("collisionCount"));
    Struct update = present.revision();
    Struct current = named(known, set.status().string("currentRevision"), update);
    SetStatus status =
        new SetStatus(
            set,
            Meta.of(current).name(),
            Meta.of(update).name(),
            present.collisions(),
            world.now());
    ApiException failure = null;
    Struct blocker = null;
    if (!set.meta().isBeingDeleted()) {
      Plan plan =
          new Plan(set, pods, Meta.of(update).name(), world.now(), pod -> isIntact(set, pod));
      blocker = plan.blocker();
      failure = perform(plan, new PodActions.Templates(set, current, update), pods);
    }
    Struct next = status.of(pods, blocker);
    writer.write(object, next);
    if (failure != null) {
      throw failure;
    }
    history.trim(known, live(pods, current, update, next), set.historyLimit());
    Instant due = status.nextAvailable(pods);
    return due == null ? Outcome.DONE : Outcome.again(Duration.between(world.now(), due));
  }

  private static boolean isOf(StatefulSet set, Struct pod) {
    return set.ordinalOf(pod) >= 0 && set.selector().matches(Meta.of(pod).labels());
  }

  private boolean isIntact(StatefulSet set, Struct pod) {
    boolean identified = !set.isWanted(set.ordinalOf(pod)) || SetPods.isIdentified(set, pod);
    return identified && claims.areIntact(set, pod);
  }

  private static Struct named(List<Struct> revisions, String name, Struct otherwise) {
    return revisions.stream()
        .filter(revision -> Meta.of(revision).name().equals(name))
        .findFirst()
        .orElse(otherwise);
  }

  /// Returns what went wrong, or null.
  ///
  /// @param pods where those that are made are put
  private @Nullable ApiException perform(
      Plan plan, PodActions.Templates templates, List<Struct> pods) throws InterruptedException {
    List<Struct> made = Collections.synchronizedList(new ArrayList<>());
    ApiException failure = perform(templates, plan.filling(), made);
    pods.addAll(made);
    return failure != null ? failure : perform(templates, plan.clearing(), made);
  }

  private @Nullable ApiException perform(
      PodActions.Templates templates, List<Step> steps, List<Struct> made)
      throws InterruptedException {
    if (templates.set().isOrdered()) {
      for (Step step : steps) {
        try {
          perform(templates, step, made);
        } catch (ApiException e) {
          return e;
        }
      }
      return null;
    }
    return Parallel.slowStart(world, steps, step -> perform(templates, step, made)).error();
  }

  private void perform(PodActions.Templates templates, Step step, List<Struct> made) {
    Struct pod = actions.perform(templates, step);
    if (pod != null) {
      made.add(pod);
    }
  }

  private static Set<String> live(List<Struct> pods, Struct current, Struct update, Struct status) {
    Set<String> live = new HashSet<>();
    pods.forEach(pod -> live.add(SetPods.revisionOf(pod)));
    live.add(Meta.of(current).name());
    live.add(Meta.of(update).name());
    live.add(status.string("currentRevision"));
    return live;
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
