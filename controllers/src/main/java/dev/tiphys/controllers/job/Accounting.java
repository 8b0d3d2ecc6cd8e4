package dev.tiphys.controllers.job;

import dev.tiphys.client.Api;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Counts the Pods of a Job that have ended, each once: see the package.
///
/// @param world for calls at once
/// @param api in whose name
/// @param released takes finalizers off
/// @param metrics of failures that a policy decides about
record Accounting(World world, Api api, Released released, JobMetrics metrics) {

  /// The most Pods that wait in the status to be counted.
  private static final int MOST = 500;

  /// Counts, and writes the status; ends the Job if nothing is left to do.
  ///
  /// @param ending how the Job ends; null if it goes on
  /// @param mayEnd whether all Pods are known that were made
  /// @return whether everything that has ended is counted
  boolean settle(Picture picture, StatusDraft draft, @Nullable Ending ending, boolean mayEnd)
      throws InterruptedException {
    Set<String> tracked = new HashSet<>();
    for (Struct pod : picture.pods) {
      if (picture.isTracked(pod)) {
        tracked.add(Meta.of(pod).uid());
      }
    }
    draft.count(tracked);
    if (ending != null) {
      draft.put(ending.condition(ending.first(), world.now()));
    }
    Indexes counted =
        Indexes.parse(draft.job().status().string("completedIndexes"), draft.job().completions());
    List<Struct> done = new ArrayList<>();
    boolean all = note(picture, draft, ending, counted, done);
    if (picture.job.isIndexed()) {
      draft.put(counted, picture.failedIndexes);
    }
    if (!done.isEmpty()) {
      draft.write(api); // before finalizers go, so that nothing is forgotten
      release(done, tracked);
      done.stream()
          .filter(pod -> JobPods.isFailed(picture.job, pod))
          .forEach(pod -> metrics.judged(picture.policy.of(pod)));
      draft.count(tracked);
    }
    if (ending != null
        && mayEnd
        && all
        && draft.countsAll()
        && draft.active == 0
        && draft.terminating == 0
        && tracked.isEmpty()) {
      draft.end(ending, world.now());
    }
    draft.write(api);
    return all;
  }

  /// Notes the Pods that are to be counted, as far as there is room.
  private static boolean note(
      Picture picture,
      StatusDraft draft,
      @Nullable Ending ending,
      Indexes counted,
      List<Struct> done) {
    Job job = picture.job;
    long indexes = 0;
    for (Struct pod : ordered(picture)) {
      boolean failed = JobPods.isFailed(job, pod);
      if (!picture.isTracked(pod) || !isCountable(picture, pod, failed, ending)) {
        continue;
      }
      String uid = Meta.of(pod).uid();
      long index = job.isIndexed() ? JobPods.indexOf(job, pod) : 0;
      done.add(pod);
      if (JobPods.hasSucceeded(pod) && !draft.uncountedFailed.contains(uid)) {
        if (!job.isIndexed()) {
          draft.uncountedSucceeded.add(uid);
        } else if (index >= 0 && counted.add(index)) {
          indexes++;
        }
      } else if (failed && index >= 0 && picture.policy.of(pod).counts()) {
        draft.uncountedFailed.add(uid);
      }
      if (indexes + draft.uncountedSucceeded.size() + draft.uncountedFailed.size() >= MOST) {
        return false;
      }
    }
    return true;
  }

  private static List<Struct> ordered(Picture picture) {
    return picture.job.isIndexed()
        ? picture.pods.stream()
            .sorted(Comparator.comparingLong(pod -> JobPods.indexOf(picture.job, pod)))
            .toList()
        : picture.pods;
  }

  /// A failed Pod that its successor has yet to look at stays, unless there is to be none.
  private static boolean isCountable(
      Picture picture, Struct pod, boolean failed, @Nullable Ending ending) {
    if (picture.job.meta().isBeingDeleted()) {
      return true;
    }
    boolean kept = ending == null && picture.isUnreplaced(pod);
    return !kept && (failed || JobPods.hasSucceeded(pod));
  }

  private void release(List<Struct> done, Set<String> tracked) throws InterruptedException {
    Set<String> left = Collections.synchronizedSet(tracked);
    ApiException refused =
        Parallel.all(
                world,
                done,
                pod -> {
                  released.release(pod);
                  left.remove(Meta.of(pod).uid());
                })
            .error();
    if (refused != null) {
      throw refused;
    }
  }
}
