package dev.tiphys.delivery.pass;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.replicasets.NewReplicaSet;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One look at one Rollout: what there is, the status that comes of it, and when the next look is
/// due.
///
/// Threads: one.
public final class Pass {

  private final Tools tools;
  private final Rollout rollout;
  private final StatusDraft status;
  private final List<ReplicaSet> sets;
  private final Instant now;
  private final boolean updateBegins;
  private final String newestName;
  private @Nullable Instant nextLook;

  /// @param sets all ReplicaSets of the Rollout
  /// @param newest the one among them with the wanted template
  public Pass(
      Tools tools, Rollout rollout, StatusDraft status, List<ReplicaSet> sets, ReplicaSet newest) {
    this.tools = tools;
    this.rollout = rollout;
    this.status = status;
    this.sets = new ArrayList<>(sets);
    this.newestName = newest.name();
    this.now = tools.world().now();
    this.updateBegins = !status.current().isEmpty() && !status.current().equals(newest.hash());
  }

  public Tools tools() {
    return tools;
  }

  public Rollout rollout() {
    return rollout;
  }

  public StatusDraft status() {
    return status;
  }

  public Instant now() {
    return now;
  }

  /// Whether the template is another than at the look before.
  public boolean updateBegins() {
    return updateBegins;
  }

  /// The one with the wanted template.
  public ReplicaSet newest() {
    return sets.stream().filter(set -> set.name().equals(newestName)).findFirst().orElseThrow();
  }

  /// The one that everything goes back to; null before the first update is complete, and if it is
  /// gone. It may be the newest one.
  public @Nullable ReplicaSet stable() {
    return withHash(status.stable());
  }

  public @Nullable ReplicaSet withHash(String hash) {
    return hash.isEmpty()
        ? null
        : sets.stream().filter(set -> set.hash().equals(hash)).findFirst().orElse(null);
  }

  /// Those that are neither the newest nor the stable one.
  public List<ReplicaSet> others() {
    return sets.stream()
        .filter(set -> !set.name().equals(newestName) && !set.hash().equals(status.stable()))
        .toList();
  }

  public List<ReplicaSet> all() {
    return List.copyOf(sets);
  }

  /// Whether nothing may be switched or scaled: the Rollout was paused, or a person is to look at
  /// an analysis or an Experiment.
  public boolean isHalted() {
    return rollout.isPaused()
        || status.pausedSince(PauseReasons.INCONCLUSIVE) != null
        || status.pausedSince(PauseReasons.INCONCLUSIVE_EXPERIMENT) != null;
  }

  /// Whether the Rollout's size is another than the one that its ReplicaSets were scaled for.
  public boolean isScaling() {
    ReplicaSet stable = stable();
    return isScaling(newest()) || (stable != null && isScaling(stable));
  }

  private boolean isScaling(ReplicaSet set) {
    return set.replicas() > 0 && set.desired() != rollout.replicas();
  }

  /// Gives a ReplicaSet a size, and notes the Rollout's on it. Returns whether it had another one.
  public boolean scale(ReplicaSet set, long replicas) {
    Struct next = NewReplicaSet.withSize(set.object(), replicas, rollout);
    if (replicas == 0) {
      next = NewReplicaSet.withDeadline(next, "");
    }
    write(set, next);
    if (set.replicas() == replicas) {
      return false;
    }
    String direction = set.replicas() < replicas ? "up" : "down";
    normal(
        "ScalingReplicaSet",
        "Scaled %s ReplicaSet %s (revision %d) from %d to %d"
            .formatted(direction, set.name(), set.revision(), set.replicas(), replicas));
    return true;
  }

  /// Has a ReplicaSet lose its Pods after a while, if it does not already.
  public void expire(ReplicaSet set, Duration after) {
    if (!set.hasDeadline()) {
      write(set, NewReplicaSet.withDeadline(set.object(), Timestamps.seconds(now.plus(after))));
    }
  }

  /// Has a ReplicaSet keep its Pods.
  public void keep(ReplicaSet set) {
    if (set.hasDeadline()) {
      write(set, NewReplicaSet.withDeadline(set.object(), ""));
    }
  }

  /// Writes a ReplicaSet, if it is another now.
  public void write(ReplicaSet before, Struct next) {
    if (next.equals(before.object())) {
      return;
    }
    ReplicaSet after = new ReplicaSet(tools.api().update(ApiResource.REPLICA_SETS, next));
    sets.replaceAll(set -> set.name().equals(before.name()) ? after : set);
  }

  /// Deletes a ReplicaSet.
  public void delete(ReplicaSet set) {
    Meta meta = set.meta();
    try {
      tools
          .api()
          .delete(
              ApiResource.REPLICA_SETS,
              meta.namespace(),
              meta.name(),
              DeleteOptions.withUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Asks for another look at a time, if none is asked for before.
  public void lookAgain(Instant when) {
    if (nextLook == null || when.isBefore(nextLook)) {
      nextLook = when;
    }
  }

  /// When to look again though nothing happened; null for never.
  public @Nullable Instant nextLook() {
    return nextLook;
  }

  public void normal(String reason, String message) {
    tools.events().normal(rollout.object(), reason, message);
  }

  public void warning(String reason, String message) {
    tools.events().warning(rollout.object(), reason, message);
  }

  /// The Service of a name beside the Rollout.
  public Struct service(String name) {
    return Objects.requireNonNullElse(
        tools.services().find(rollout.namespace(), name), Struct.EMPTY);
  }

  /// The newest template is what everything goes back to from now on.
  ///
  /// @param why as an event tells of it
  public void promote(String why) {
    String hash = newest().hash();
    if (status.stable().equals(hash)) {
      return;
    }
    status.set(hash, "stableRS");
    status.clearPauses();
    status.dropAbort();
    status.set(null, "promoteFull");
    normal(
        "RolloutCompleted",
        "Rollout completed update to revision %d (%s): %s"
            .formatted(newest().revision(), hash, why));
  }
}
