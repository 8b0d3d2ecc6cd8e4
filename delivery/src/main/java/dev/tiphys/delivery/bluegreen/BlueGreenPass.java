package dev.tiphys.delivery.bluegreen;

import dev.tiphys.delivery.analysis.Kind;
import dev.tiphys.delivery.analysis.Runs;
import dev.tiphys.delivery.analysis.Verdict;
import dev.tiphys.delivery.metadata.EphemeralMetadata;
import dev.tiphys.delivery.model.BlueGreen;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.ScaleDown;
import dev.tiphys.delivery.replicasets.Revisions;
import dev.tiphys.delivery.services.ServiceSelectors;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// One look at a Rollout that switches between two full sizes.
///
/// The active Service selects the stable revision until a new one is complete and may be promoted.
/// It never leaves Pods that serve for a revision that has none.
///
/// Threads: one.
public final class BlueGreenPass {

  private final Pass pass;
  private final StatusDraft status;
  private final BlueGreen strategy;
  private final ServiceSelectors services;
  private final Runs runs;

  /// The hash that the active Service selects.
  private String active;

  public BlueGreenPass(Pass pass) {
    this.pass = pass;
    this.status = pass.status();
    this.strategy = pass.rollout().blueGreen();
    this.services = new ServiceSelectors(pass);
    this.runs = new Runs(pass);
    this.active = services.hashOf(strategy.activeService());
  }

  /// A new update begins: what was decided about the one before is forgotten.
  public void reset() {
    status.clearPauses();
    status.dropAbort();
    status.set(null, "promoteFull");
    forget();
  }

  /// The update that was given up is tried once more.
  public void retry() {
    pass.keep(pass.newest());
    forget();
  }

  private void forget() {
    status.set(null, "blueGreen", "scaleUpPreviewCheckPoint");
    runs.drop(Kind.PRE_PROMOTION, Kind.POST_PROMOTION);
  }

  /// Only the sizes follow the Rollout's.
  public void resize() {
    scaleStable();
    pass.scale(pass.newest(), newSize());
    note();
  }

  public void run() {
    new EphemeralMetadata(pass)
        .keep(
            pass.newest().hash().equals(status.stable()),
            strategy.activeMetadata(),
            strategy.previewMetadata());
    restore();
    if (status.isAborted()) {
      status.clearPauses();
    }
    if (!pass.isHalted()) {
      if (!strategy.previewService().isEmpty()) {
        services.point(strategy.previewService(), pass.newest().hash());
      }
      if (status.isAborted()) {
        goBack();
      } else {
        goOn();
      }
      scaleOld();
    }
    trimHistory();
    runs.trim();
    note();
  }

  private void goOn() {
    scaleStable();
    ReplicaSet newest = pass.newest();
    if (pass.scale(newest, newSize())) {
      return;
    }
    boolean fast = isFastTracked();
    if (!fast) {
      pass.keep(newest);
    }
    if (!fast && !mayPromote()) {
      return;
    }
    if (!isSaturated() || status.isAborted() || pass.isHalted()) {
      return;
    }
    if (!active.equals(newest.hash())) {
      point(newest.hash());
    }
    status.clearPauses();
    pass.keep(newest);
    if (!status.stable().equals(newest.hash())) {
      verify();
    }
  }

  /// What serves already becomes what everything goes back to, unless an analysis is against it.
  private void verify() {
    if (status.stable().isEmpty()) {
      finish("Initial deploy");
      return;
    }
    boolean skipped = status.isPromotedFully() || isWayBackFree();
    if (skipped
        || strategy.postPromotionAnalysis().isEmpty()
        || runs.ask(Kind.POST_PROMOTION, strategy.postPromotionAnalysis()) == Verdict.GO) {
      finish("Completed blue-green update");
    }
  }

  private void finish(String why) {
    pass.promote(why);
    status.set(null, "blueGreen", "scaleUpPreviewCheckPoint");
  }

  /// Whether analysis and pause are over. They begin once the preview has its size.
  private boolean mayPromote() {
    ReplicaSet newest = pass.newest();
    long size = newSize();
    if (newest.replicas() != size || newest.available() < size) {
      return false;
    }
    if (isCheckpointPassed()) {
      return true;
    }
    if (!strategy.prePromotionAnalysis().isEmpty()
        && runs.ask(Kind.PRE_PROMOTION, strategy.prePromotionAnalysis()) != Verdict.GO) {
      return false;
    }
    if (!new PromotionPause(pass).isOver()) {
      return false;
    }
    if (size < pass.rollout().replicas()) {
      status.set(true, "blueGreen", "scaleUpPreviewCheckPoint");
      status.clearPauses();
      return false; // the next look brings it to its full size
    }
    return true;
  }

  private boolean isCheckpointPassed() {
    return status.now().bool("blueGreen", "scaleUpPreviewCheckPoint");
  }

  /// Whether there is nothing to wait for.
  private boolean isFastTracked() {
    return status.isPromotedFully()
        || active.equals(pass.newest().hash())
        || status.stable().isEmpty()
        || status.stable().equals(pass.newest().hash())
        || isWayBackFree();
  }

  /// Whether the newest template is one that served a short time ago: its Pods still run, or the
  /// Rollout says that the way back is free. Not if an analysis found it bad.
  private boolean isWayBackFree() {
    ReplicaSet newest = pass.newest();
    ReplicaSet stable = pass.stable();
    if (stable == null || ReplicaSet.BY_AGE.compare(newest, stable) >= 0) {
      return false;
    }
    boolean free =
        newest.hasDeadline()
            || Revisions.isInRollbackWindow(pass.rollout(), newest, stable, pass.all());
    return free && !runs.hasFailed(newest.hash());
  }

  private boolean isSaturated() {
    ReplicaSet newest = pass.newest();
    long all = pass.rollout().replicas();
    return newest.replicas() == all && newest.available() >= all && newest.desired() == all;
  }

  private long newSize() {
    ReplicaSet newest = pass.newest();
    if (status.isAborted() && !newest.hash().equals(status.stable())) {
      return newest.replicas();
    }
    Long preview = strategy.previewReplicas();
    long all = pass.rollout().replicas();
    if (preview == null || isCheckpointPassed() || isFastTracked()) {
      return all;
    }
    return Math.max(preview, Math.min(newest.replicas(), all)); // Pods that are there may serve
  }

  private void scaleStable() {
    ReplicaSet stable = pass.stable();
    if (stable != null && !stable.name().equals(pass.newest().name())) {
      pass.keep(stable);
      pass.scale(Objects.requireNonNull(pass.stable()), pass.rollout().replicas());
    }
  }

  /// An active Service that lost its revision, by an edit from outside, gets the stable one back:
  /// what is new must not serve before it may.
  private void restore() {
    ReplicaSet selected = pass.withHash(active);
    if (selected != null && (selected.replicas() > 0 || selected.available() > 0)) {
      return;
    }
    ReplicaSet stable = pass.stable();
    if (stable != null && stable.available() > 0) {
      point(stable.hash());
    }
  }

  private void goBack() {
    runs.stop();
    scaleStable();
    ReplicaSet stable = pass.stable();
    if (stable == null) {
      return;
    }
    ReplicaSet serving = pass.withHash(active);
    if (!active.equals(stable.hash())
        && (stable.available() > 0 || serving == null || serving.available() == 0)) {
      point(stable.hash());
    }
    ReplicaSet newest = pass.newest();
    long delay = strategy.abortScaleDownDelaySeconds();
    if (active.equals(stable.hash()) && newest.replicas() > 0 && delay > 0) {
      ScaleDown.atDeadline(pass, newest, Duration.ofSeconds(delay));
    }
  }

  private void point(String hash) {
    services.point(strategy.activeService(), hash);
    active = hash;
  }

  private void scaleOld() {
    new ScaleDown(
            pass,
            Duration.ofSeconds(strategy.scaleDownDelaySeconds()),
            strategy.scaleDownDelayRevisions())
        .run(unused());
  }

  private List<ReplicaSet> unused() {
    return pass.others().stream().filter(set -> !set.hash().equals(active)).toList();
  }

  private void trimHistory() {
    Revisions.excess(pass.rollout(), unused()).forEach(pass::delete);
  }

  /// What the Services select goes to the status.
  private void note() {
    status.set(active, "blueGreen", "activeSelector");
    String preview = strategy.previewService();
    if (!preview.isEmpty()) {
      String selected = pass.isHalted() ? services.hashOf(preview) : pass.newest().hash();
      status.set(selected, "blueGreen", "previewSelector");
    }
  }
}
