package dev.tiphys.delivery.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A Rollout, with names, types and defaults.
///
/// @param object the whole object; where it refers to a workload, with that one's template and
///   selector
public record Rollout(Struct object) {

  private static final long DEFAULT_HISTORY = 10;
  private static final long DEFAULT_DEADLINE = 600;

  public Meta meta() {
    return Meta.of(object);
  }

  public String name() {
    return meta().name();
  }

  public String namespace() {
    return meta().namespace();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public Struct status() {
    return object.struct("status");
  }

  public long replicas() {
    return number("replicas", 1);
  }

  public Struct template() {
    return spec().struct("template");
  }

  public LabelSelector selector() {
    return LabelSelector.from(spec().struct("selector"));
  }

  public long minReadySeconds() {
    return spec().integer("minReadySeconds");
  }

  public long historyLimit() {
    return number("revisionHistoryLimit", DEFAULT_HISTORY);
  }

  public boolean isPaused() {
    return spec().bool("paused");
  }

  public long progressDeadlineSeconds() {
    return number("progressDeadlineSeconds", DEFAULT_DEADLINE);
  }

  /// Whether an update that takes too long is given up.
  public boolean abortsAtDeadline() {
    return spec().bool("progressDeadlineAbort");
  }

  /// Since when all Pods are to have been made; null if it does not matter.
  public @Nullable Instant restartAt() {
    return Timestamps.of(spec().get("restartAt"));
  }

  /// How many revisions one can go back without taking the steps; 0 for none.
  public long rollbackWindow() {
    return spec().integer("rollbackWindow", "revisions");
  }

  /// The workload whose template is used, or an empty struct.
  public Struct workloadRef() {
    return spec().struct("workloadRef");
  }

  public boolean isBlueGreen() {
    return spec().has("strategy", "blueGreen");
  }

  public boolean isCanary() {
    return spec().has("strategy", "canary");
  }

  public BlueGreen blueGreen() {
    return new BlueGreen(spec().struct("strategy", "blueGreen"));
  }

  public Canary canary() {
    return new Canary(spec().struct("strategy", "canary"), replicas());
  }

  /// How many of the wanted Pods need not be available.
  public long maxUnavailable() {
    return isBlueGreen() ? blueGreen().maxUnavailable(replicas()) : canary().maxUnavailable();
  }

  /// What keeps Pods of different revisions apart, or an empty struct.
  public Struct antiAffinity() {
    return spec().struct("strategy", isBlueGreen() ? "blueGreen" : "canary", "antiAffinity");
  }

  private long number(String name, long otherwise) {
    return spec().has(name) ? spec().integer(name) : otherwise;
  }
}
