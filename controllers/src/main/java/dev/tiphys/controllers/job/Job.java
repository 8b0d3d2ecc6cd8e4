package dev.tiphys.controllers.job;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a Job wants.
///
/// @param object the Job
record Job(Struct object) {

  private static final String CONTROLLER = "kubernetes.io/job-controller";

  Meta meta() {
    return Meta.of(object);
  }

  Struct spec() {
    return object.struct("spec");
  }

  Struct status() {
    return object.struct("status");
  }

  LabelSelector selector() {
    return LabelSelector.from(spec().struct("selector"));
  }

  /// Whether another controller has it in its charge.
  boolean isManagedElsewhere() {
    String manager = spec().string("managedBy");
    return !manager.isEmpty() && !manager.equals(CONTROLLER);
  }

  boolean isSuspended() {
    return spec().bool("suspend");
  }

  boolean isIndexed() {
    return spec().string("completionMode").equals("Indexed");
  }

  boolean hasCompletions() {
    return spec().has("completions");
  }

  long completions() {
    return spec().integer("completions");
  }

  long parallelism() {
    return spec().has("parallelism") ? spec().integer("parallelism") : 1;
  }

  long backoffLimit() {
    return spec().has("backoffLimit") ? spec().integer("backoffLimit") : 6;
  }

  /// Whether each index has its own limit.
  boolean hasLimitPerIndex() {
    return spec().has("backoffLimitPerIndex");
  }

  long limitPerIndex() {
    return spec().integer("backoffLimitPerIndex");
  }

  /// Whether a Pod is replaced only once it has ended, not as soon as it is told to.
  boolean replacesOnlyFailed() {
    return spec().string("podReplacementPolicy").equals("Failed") || spec().has("podFailurePolicy");
  }

  boolean restartsContainers() {
    return spec().string("template", "spec", "restartPolicy").equals("OnFailure");
  }

  @Nullable Instant started() {
    return Timestamps.of(status().get("startTime"));
  }

  /// When it has run for too long; null if it may run as long as it likes, or does not run.
  @Nullable Instant deadline() {
    Instant started = started();
    return started == null || isSuspended() || !spec().has("activeDeadlineSeconds")
        ? null
        : started.plusSeconds(spec().integer("activeDeadlineSeconds"));
  }

  List<Struct> conditions() {
    return status().structs("conditions");
  }

  /// The condition, if it holds.
  @Nullable Struct condition(String type) {
    Struct condition = Meta.condition(object, type);
    return condition != null && condition.string("status").equals("True") ? condition : null;
  }

  boolean isFinished() {
    return condition("Complete") != null || condition("Failed") != null;
  }
}
