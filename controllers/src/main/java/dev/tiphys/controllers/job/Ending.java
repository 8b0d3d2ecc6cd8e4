package dev.tiphys.controllers.job;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a Job ends. It has the first of the two conditions at once, and the second one when no Pod
/// is left that runs or is not counted.
///
/// @param success whether it has succeeded
/// @param reason in upstream's words
/// @param message in upstream's words
record Ending(boolean success, String reason, String message) {

  static final String SUCCESS_MET = "SuccessCriteriaMet";
  static final String FAILURE_TARGET = "FailureTarget";

  /// What the Job comes to by now; null if it goes on.
  static @Nullable Ending of(Picture picture, Instant now) {
    Job job = picture.job;
    Struct met = job.condition(SUCCESS_MET);
    if (met != null) {
      return new Ending(true, met.string("reason"), met.string("message"));
    }
    Struct target = job.condition(FAILURE_TARGET);
    if (target != null) {
      return new Ending(false, target.string("reason"), target.string("message"));
    }
    for (Struct pod : picture.newlyFailed) {
      FailurePolicy.Verdict verdict = picture.policy.of(pod);
      if (verdict.action() == FailurePolicy.Action.FAIL_JOB) {
        return new Ending(false, "PodFailurePolicy", verdict.message());
      }
    }
    if (picture.failed > job.backoffLimit() || isPastRestarts(picture)) {
      return new Ending(
          false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    Instant deadline = job.deadline();
    if (deadline != null && !deadline.isAfter(now)) {
      return new Ending(false, "DeadlineExceeded", "Job was active longer than specified deadline");
    }
    Ending byIndex = byIndex(picture);
    if (byIndex != null) {
      return byIndex;
    }
    String policy = SuccessPolicy.met(job, picture.succeededIndexes);
    return policy.isEmpty() ? null : new Ending(true, "SuccessPolicy", policy);
  }

  private static @Nullable Ending byIndex(Picture picture) {
    Job job = picture.job;
    long failed = picture.failedIndexes.size();
    if (!job.hasLimitPerIndex() || failed == 0) {
      return null;
    }
    if (job.spec().has("maxFailedIndexes") && failed > job.spec().integer("maxFailedIndexes")) {
      return new Ending(
          false,
          "MaxFailedIndexesExceeded",
          "Job has exceeded the specified maximal number of failed indexes");
    }
    return failed + picture.succeeded >= job.completions()
        ? new Ending(false, "FailedIndexes", "Job has failed indexes")
        : null;
  }

  private static boolean isPastRestarts(Picture picture) {
    Job job = picture.job;
    if (!job.restartsContainers()) {
      return false;
    }
    long restarts = JobPods.restarts(picture.pods);
    return job.backoffLimit() == 0 ? restarts > 0 : restarts >= job.backoffLimit();
  }

  /// A Job whose Pods have all done what they should.
  static Ending complete() {
    return new Ending(true, "CompletionsReached", "Reached expected number of succeeded pods");
  }

  /// The condition that it has at once.
  String first() {
    return success ? SUCCESS_MET : FAILURE_TARGET;
  }

  /// The condition that it has in the end.
  String last() {
    return success ? "Complete" : "Failed";
  }

  Struct condition(String type, Instant now) {
    return condition(type, "True", reason, message, now);
  }

  static Struct condition(String type, String status, String reason, String message, Instant now) {
    String time = Timestamps.seconds(now);
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .add("lastProbeTime", time)
        .add("lastTransitionTime", time)
        .add("reason", reason)
        .add("message", message)
        .build();
  }
}
