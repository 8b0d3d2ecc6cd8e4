package dev.tiphys.controllers.job;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How a Job stands: what its Pods do, with those counted that are about to be. Pure.
///
/// Cost: a few passes over the Pods.
final class Picture {

  final Job job;
  final FailurePolicy policy;

  /// Those that carry the finalizer, or still run.
  final List<Struct> pods;

  final List<Struct> active = new ArrayList<>();
  final List<Struct> newlySucceeded = new ArrayList<>();
  final List<Struct> newlyFailed = new ArrayList<>();

  /// The indexes that have succeeded and failed; empty if there are none.
  final Indexes succeededIndexes;

  final Indexes failedIndexes;

  /// By index: the failed Pod whose successor is not there yet. It stays until then, since it says
  /// how often its index has failed.
  private final Map<Long, Struct> unreplaced = new HashMap<>();

  long ready;
  long terminating;
  long succeeded;
  long failed;

  private final Predicate<Struct> tracked;

  /// @param pods those that belong to the Job
  /// @param tracked whether a Pod still carries the finalizer, as far as is known
  Picture(Job job, List<Struct> pods, Predicate<Struct> tracked) {
    this.job = job;
    this.pods = pods;
    this.tracked = tracked;
    this.policy = new FailurePolicy(job);
    Struct status = job.status();
    Struct uncounted = status.struct("uncountedTerminatedPods");
    Set<String> uncountedSucceeded = new HashSet<>(uncounted.strings("succeeded"));
    Set<String> uncountedFailed = new HashSet<>(uncounted.strings("failed"));
    for (Struct pod : pods) {
      sort(pod, uncountedSucceeded, uncountedFailed);
    }
    long ignored = newlyFailed.stream().filter(pod -> !policy.of(pod).counts()).count();
    failed = status.integer("failed") + newlyFailed.size() - ignored + uncountedFailed.size();
    succeededIndexes = Indexes.parse(status.string("completedIndexes"), job.completions());
    failedIndexes = Indexes.parse(status.string("failedIndexes"), job.completions());
    if (job.isIndexed()) {
      newlySucceeded.forEach(pod -> succeededIndexes.add(JobPods.indexOf(job, pod)));
      succeeded = succeededIndexes.size();
      if (job.hasLimitPerIndex()) {
        lookAtIndexes();
      }
    } else {
      succeeded = status.integer("succeeded") + newlySucceeded.size() + uncountedSucceeded.size();
    }
  }

  private void sort(Struct pod, Set<String> uncountedSucceeded, Set<String> uncountedFailed) {
    if (Pods.isActive(pod)) {
      active.add(pod);
      ready += Pods.isReady(pod) ? 1 : 0;
    }
    terminating += Pods.isTerminating(pod) ? 1 : 0;
    if (!tracked.test(pod) || job.isIndexed() && JobPods.indexOf(job, pod) < 0) {
      return;
    }
    String uid = Meta.of(pod).uid();
    if (JobPods.hasSucceeded(pod)) {
      if (!uncountedSucceeded.contains(uid) && !uncountedFailed.contains(uid)) {
        newlySucceeded.add(pod);
      }
    } else if (JobPods.isFailed(job, pod) && !uncountedFailed.contains(uid)) {
      newlyFailed.add(pod);
    }
  }

  /// The failed Pod that the next one of an index replaces; null if there is none.
  @Nullable Struct unreplaced(long index) {
    return unreplaced.get(index);
  }

  /// Whether a failed Pod waits for the next one of its index.
  boolean isUnreplaced(Struct pod) {
    return !unreplaced.isEmpty() && unreplaced.get(JobPods.indexOf(job, pod)) == pod;
  }

  boolean isTracked(Struct pod) {
    return tracked.test(pod);
  }

  private void lookAtIndexes() {
    Set<Long> running = new HashSet<>();
    active.forEach(pod -> running.add(JobPods.indexOf(job, pod)));
    for (Struct pod : pods) {
      long index = JobPods.indexOf(job, pod);
      if (tracked.test(pod)
          && index >= 0
          && JobPods.isFailed(job, pod)
          && !succeededIndexes.contains(index)
          && isLast(pod)) {
        failedIndexes.add(index);
      }
    }
    for (Struct pod : pods) {
      long index = JobPods.indexOf(job, pod);
      if (tracked.test(pod)
          && index >= 0
          && JobPods.isFailed(job, pod)
          && !succeededIndexes.contains(index)
          && !failedIndexes.contains(index)
          && !running.contains(index)) {
        unreplaced.merge(index, pod, Picture::later);
      }
    }
  }

  /// Whether a failed Pod is the last one of its index.
  private boolean isLast(Struct pod) {
    FailurePolicy.Verdict verdict = policy.of(pod);
    long failures = JobPods.count(pod, JobPods.FAILURES) + (verdict.counts() ? 1 : 0);
    return verdict.action() == FailurePolicy.Action.FAIL_INDEX || failures > job.limitPerIndex();
  }

  private static Struct later(Struct one, Struct other) {
    return failuresOf(other) >= failuresOf(one)
            && !JobPods.finished(other).isBefore(JobPods.finished(one))
        ? other
        : one;
  }

  /// How often the Pods of an index had failed before this one, counted or not.
  static long failuresOf(Struct pod) {
    return JobPods.count(pod, JobPods.FAILURES) + JobPods.count(pod, JobPods.IGNORED);
  }
}
