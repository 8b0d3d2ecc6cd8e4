package dev.tiphys.controllers.deployment;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.controllers.common.PodWriter;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One look at one Deployment: takes the next step of its rollout, and then writes its status once.
///
/// Each look takes one step only, growing or shrinking; what it did comes back as events of the
/// ReplicaSets, and leads to the next look.
///
/// Threads: one.
final class Rollout {

  private final Dependencies dependencies;
  private final Deployment stored;
  private final List<ReplicaSet> old;
  private @Nullable ReplicaSet newest;

  /// The Deployment with the annotations and conditions that are to be written.
  private Deployment draft;

  private @Nullable Duration nextLook;

  /// What a look works with.
  ///
  /// @param pods the Pods, by the ReplicaSet that manages them
  record Dependencies(World world, Api api, EventRecorder events, OwnerIndex pods) {}

  /// @param sets the Deployment's ReplicaSets
  Rollout(Dependencies dependencies, Deployment deployment, List<ReplicaSet> sets) {
    this.dependencies = dependencies;
    this.stored = deployment;
    this.draft = deployment;
    this.newest =
        sets.stream()
            .filter(set -> Templates.same(set.template(), deployment.template()))
            .min(ReplicaSet.BY_AGE)
            .orElse(null);
    this.old = new ArrayList<>(sets);
    old.remove(newest);
  }

  /// After what time the Deployment is to be looked at though nothing happened; null for never.
  @Nullable Duration nextLook() {
    return nextLook;
  }

  Outcome step() {
    if (stored.meta().isBeingDeleted()) {
      write(progress().counts());
      return Outcome.DONE;
    }
    notePause();
    adoptNewest();
    ProportionalScaling scaling = new ProportionalScaling(draft, newest, old);
    if (stored.isPaused() || scaling.isDue()) {
      resize(scaling.sizes());
      if (stored.isPaused()) {
        cleanUp();
      }
      write(progress().counts());
      return Outcome.DONE;
    }
    return stored.isRecreate() ? recreate() : roll();
  }

  private Outcome recreate() {
    List<Resize> down =
        old.stream().filter(ReplicaSet::isActive).map(set -> new Resize(set, 0)).toList();
    if (!down.isEmpty()) {
      resize(down);
      return finish();
    }
    if (oldPodsLive()) {
      return finish();
    }
    ReplicaSet present = newest;
    if (present == null) {
      return create();
    }
    if (present.replicas() != stored.replicas()) {
      resize(List.of(new Resize(present, stored.replicas())));
      return finish();
    }
    return finishOrCleanUp();
  }

  /// Whether Pods of an old template still run, those on their way out too.
  private boolean oldPodsLive() {
    for (ReplicaSet set : old) {
      if (set.actual() > 0) {
        return true;
      }
      for (Struct pod : dependencies.pods.ownedBy(set.meta().uid())) {
        if (!Pods.isTerminal(pod)) {
          return true;
        }
      }
    }
    return false;
  }

  private Outcome roll() {
    ReplicaSet present = newest;
    if (present == null) {
      return create();
    }
    RollingUpdate update = new RollingUpdate(draft, present, old);
    List<Resize> next = update.grow();
    if (next.isEmpty()) {
      next = update.shrink();
    }
    if (!next.isEmpty()) {
      resize(next);
      return finish();
    }
    return finishOrCleanUp();
  }

  private Outcome finishOrCleanUp() {
    if (stored.isComplete(stored.status())) {
      cleanUp();
    }
    return finish();
  }

  private Outcome finish() {
    Struct status = progress().ofRollout();
    nextLook = progress().nextLook(status);
    write(status);
    return Outcome.DONE;
  }

  private Progress progress() {
    return new Progress(draft, newest, old, dependencies.world.now());
  }

  private void write(Struct status) {
    Struct next = draft.withStatus(status).object();
    if (next.equals(stored.object())) {
      return;
    }
    try {
      dependencies.api.update(ApiResource.DEPLOYMENTS, next, "status");
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private void condition(String status, String reason, String message) {
    Struct condition =
        Conditions.of(Conditions.PROGRESSING, status, reason, message, dependencies.world.now());
    draft = draft.withStatus(Conditions.with(draft.status(), condition));
  }

  /// A rollout that is paused is not late; one that was late already stays so.
  private void notePause() {
    Struct status = stored.status();
    boolean late = Conditions.hasReason(status, Conditions.PROGRESSING, Progress.TIMED_OUT);
    if (!stored.hasProgressDeadline() || late) {
      return;
    }
    boolean noted = Conditions.hasReason(status, Conditions.PROGRESSING, "DeploymentPaused");
    if (stored.isPaused() && !noted) {
      condition("Unknown", "DeploymentPaused", "Deployment is paused");
    } else if (!stored.isPaused() && noted) {
      condition("Unknown", "DeploymentResumed", "Deployment is resumed");
    }
  }

  private long nextRevision() {
    return old.stream().mapToLong(ReplicaSet::revision).max().orElse(0) + 1;
  }

  /// Makes the ReplicaSet of the wanted template, if there is one, the newest revision: it may have
  /// been used before.
  private void adoptNewest() {
    ReplicaSet present = newest;
    if (present == null) {
      return;
    }
    Struct updated = NewReplicaSet.updated(present, draft, nextRevision());
    if (!updated.equals(present.object())) {
      updated = dependencies.api.update(ApiResource.REPLICA_SETS, updated);
    }
    newest = new ReplicaSet(updated);
    noteRevision(updated);
    if (draft.hasProgressDeadline()
        && Conditions.find(draft.status(), Conditions.PROGRESSING) == null) {
      condition("True", "FoundNewReplicaSet", "Found new replica set \"" + present.name() + "\"");
    }
  }

  private void noteRevision(Struct replicaSet) {
    String revision = Meta.of(replicaSet).annotation(Annotations.REVISION);
    if (!draft.meta().annotation(Annotations.REVISION).equals(revision)) {
      draft = new Deployment(Meta.withAnnotation(draft.object(), Annotations.REVISION, revision));
    }
  }

  private Outcome create() {
    long size = RollingUpdate.newSize(draft, 0, ReplicaSet.present(old));
    Struct wanted = NewReplicaSet.of(draft, size, nextRevision());
    String name = Meta.of(wanted).name();
    Struct created;
    try {
      created = dependencies.api.create(ApiResource.REPLICA_SETS, wanted);
    } catch (ApiException e) {
      return notCreated(name, e);
    }
    if (size > 0) {
      scaled("up", name, 0, size);
    }
    noteRevision(created);
    if (draft.hasProgressDeadline()) {
      condition("True", "NewReplicaSetCreated", "Created new replica set \"" + name + "\"");
    }
    newest = new ReplicaSet(created);
    return finish();
  }

  private Outcome notCreated(String name, ApiException refusal) {
    if (PodWriter.isNamespaceEnding(refusal)) {
      return Outcome.DONE;
    }
    if (refusal.is(Reason.ALREADY_EXISTS)) {
      return nameTaken(name);
    }
    String message = "Failed to create new replica set \"" + name + "\": " + refusal.message();
    dependencies.events.warning(stored.object(), "ReplicaSetCreateError", message);
    if (draft.hasProgressDeadline()) {
      condition("False", "ReplicaSetCreateError", message);
      write(draft.status());
    }
    return Outcome.RETRY;
  }

  /// Either it is ours, and the informer does not show it yet; or another template has the same
  /// hash, and a number is mixed in to tell them apart.
  private Outcome nameTaken(String name) {
    Struct holder =
        dependencies.api.find(ApiResource.REPLICA_SETS, stored.meta().namespace(), name);
    if (holder != null
        && !(Meta.of(holder).isControlledBy(stored.meta().uid())
            && Templates.same(holder.struct("spec", "template"), stored.template()))) {
      Struct status = draft.status();
      write(status.with("collisionCount", status.integer("collisionCount") + 1));
    }
    return Outcome.RETRY;
  }

  /// Gives ReplicaSets their sizes, and notes the Deployment's on them.
  private void resize(List<Resize> sizes) {
    for (Resize resize : sizes) {
      ReplicaSet before = resize.replicaSet();
      Struct next =
          Annotations.withSize(before.object(), draft)
              .withAt(resize.replicas(), "spec", "replicas");
      if (next.equals(before.object())) {
        continue;
      }
      ReplicaSet after = new ReplicaSet(dependencies.api.update(ApiResource.REPLICA_SETS, next));
      replace(before, after);
      if (before.replicas() != resize.replicas()) {
        String direction = before.replicas() < resize.replicas() ? "up" : "down";
        scaled(direction, before.name(), before.replicas(), resize.replicas());
      }
    }
  }

  private void replace(ReplicaSet before, ReplicaSet after) {
    if (newest != null && newest.name().equals(before.name())) {
      newest = after;
    } else {
      old.replaceAll(set -> set.name().equals(before.name()) ? after : set);
    }
  }

  private void scaled(String direction, String name, long from, long to) {
    dependencies.events.normal(
        stored.object(),
        "ScalingReplicaSet",
        "Scaled " + direction + " replica set " + name + " from " + from + " to " + to);
  }

  private void cleanUp() {
    new History(stored, old).excess().forEach(this::delete);
  }

  private void delete(ReplicaSet set) {
    Meta meta = set.meta();
    try {
      dependencies.api.delete(
          ApiResource.REPLICA_SETS, meta.namespace(), meta.name(), DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
