package dev.tiphys.controllers.job;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which Pods a Job that goes on has too many of, or lacks. Pure.
///
/// @param doomed those that are to go
/// @param wanted those that are to be made
/// @param later how long it is until more may be made; null if nothing waits
record Workforce(List<Struct> doomed, List<Struct> wanted, @Nullable Duration later) {

  /// The most that are made or deleted at a time.
  private static final int BURST = 500;

  static Workforce of(Picture picture, Backoffs.Record backoff, Instant now) {
    Job job = picture.job;
    if (job.isSuspended()) {
      return new Workforce(first(picture.active, BURST), List.of(), null);
    }
    long active = picture.active.size();
    long most = most(picture);
    List<Struct> doomed = excess(picture, Math.max(0, active - most));
    if (!doomed.isEmpty()) {
      return new Workforce(first(doomed, BURST), List.of(), null);
    }
    long terminating = job.replacesOnlyFailed() ? picture.terminating : 0;
    long missing = Math.min(BURST, most - terminating - active);
    if (missing <= 0) {
      return new Workforce(List.of(), List.of(), null);
    }
    if (job.hasLimitPerIndex()) {
      return byIndex(picture, missing, now);
    }
    Duration left = backoff.left(now);
    if (!left.isZero()) {
      return new Workforce(List.of(), List.of(), left);
    }
    List<Struct> wanted = new ArrayList<>();
    if (job.isIndexed()) {
      pending(picture, missing).forEach(index -> wanted.add(JobPods.pod(job, index)));
    } else {
      Struct pod = JobPods.pod(job, -1);
      for (long i = 0; i < missing; i++) {
        wanted.add(pod);
      }
    }
    return new Workforce(List.of(), wanted, null);
  }

  private static <T> List<T> first(List<T> all, int count) {
    return all.subList(0, Math.min(count, all.size()));
  }

  /// How many may run. Without a number of completions the first success ends the intake.
  private static long most(Picture picture) {
    Job job = picture.job;
    if (!job.hasCompletions()) {
      return picture.succeeded > 0 ? picture.active.size() : job.parallelism();
    }
    return Math.clamp(job.completions() - picture.succeeded, 0, job.parallelism());
  }

  /// Those that go first when there are too many: second ones of an index in any case, then those
  /// that do least good.
  private static List<Struct> excess(Picture picture, long count) {
    List<Struct> rest = new ArrayList<>(picture.active);
    rest.sort(USEFULNESS.reversed());
    List<Struct> doomed = new ArrayList<>();
    if (picture.job.isIndexed()) {
      Set<Long> seen = new HashSet<>();
      for (Struct pod : List.copyOf(rest)) {
        long index = JobPods.indexOf(picture.job, pod);
        if (index < 0 || !seen.add(index)) {
          doomed.add(pod);
          rest.remove(pod);
        }
      }
    }
    while (doomed.size() < count && !rest.isEmpty()) {
      doomed.add(rest.removeLast());
    }
    return doomed;
  }

  /// From the least to the most useful.
  private static final Comparator<Struct> USEFULNESS =
      Comparator.<Struct, Boolean>comparing(pod -> !pod.string("spec", "nodeName").isEmpty())
          .thenComparing(
              pod ->
                  switch (pod.string("status", "phase")) {
                    case "Pending" -> 0;
                    case "Running" -> 2;
                    default -> 1;
                  })
          .thenComparing(Pods::isReady)
          .thenComparing(Pods::restarts, Comparator.reverseOrder())
          .thenComparing(
              pod -> Meta.of(pod).created(), Comparator.nullsFirst(Comparator.reverseOrder()));

  /// The lowest indexes without a Pod that runs or has done its work.
  private static List<Long> pending(Picture picture, long count) {
    Job job = picture.job;
    Set<Long> taken = new HashSet<>();
    for (Struct pod : picture.pods) {
      boolean stays = job.replacesOnlyFailed() && Pods.isTerminating(pod);
      if (Pods.isActive(pod) || stays) {
        taken.add(JobPods.indexOf(job, pod));
      }
    }
    List<Long> pending = new ArrayList<>();
    for (long index = 0; index < job.completions() && pending.size() < count; index++) {
      if (!taken.contains(index)
          && !picture.succeededIndexes.contains(index)
          && !picture.failedIndexes.contains(index)) {
        pending.add(index);
      }
    }
    return pending;
  }

  /// Each index waits by itself after a failure.
  private static Workforce byIndex(Picture picture, long missing, Instant now) {
    List<Struct> wanted = new ArrayList<>();
    Duration later = null;
    for (long index : pending(picture, missing)) {
      Struct failed = picture.unreplaced(index);
      Duration left =
          failed == null
              ? Duration.ZERO
              : Backoffs.left(Picture.failuresOf(failed) + 1, JobPods.finished(failed), now);
      if (left.isZero()) {
        wanted.add(counting(JobPods.pod(picture.job, index), failed, picture));
      } else if (later == null || left.compareTo(later) < 0) {
        later = left;
      }
    }
    return new Workforce(List.of(), wanted, later);
  }

  private static Struct counting(Struct pod, @Nullable Struct failed, Picture picture) {
    long failures = 0;
    long ignored = 0;
    if (failed != null) {
      boolean counts = picture.policy.of(failed).counts();
      failures = JobPods.count(failed, JobPods.FAILURES) + (counts ? 1 : 0);
      ignored = JobPods.count(failed, JobPods.IGNORED) + (counts ? 0 : 1);
    }
    Struct counted =
        pod.withAt(Long.toString(failures), "metadata", "annotations", JobPods.FAILURES);
    return ignored == 0
        ? counted
        : counted.withAt(Long.toString(ignored), "metadata", "annotations", JobPods.IGNORED);
  }
}
