package dev.tiphys.controllers.job;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The status of a Job as it is to be written.
///
/// Threads: one.
final class StatusDraft {

  private Struct stored;
  private Struct base;
  private final List<Struct> conditions;

  /// The uids of Pods that have ended, whose finalizers are taken off before they are counted.
  final Set<String> uncountedSucceeded;

  final Set<String> uncountedFailed;

  long active;
  long ready;
  long terminating;
  long succeeded;
  long failed;

  StatusDraft(Job job) {
    this.stored = job.object();
    Struct status = job.status();
    this.base = status;
    this.conditions = new ArrayList<>(job.conditions());
    Struct uncounted = status.struct("uncountedTerminatedPods");
    this.uncountedSucceeded = new LinkedHashSet<>(uncounted.strings("succeeded"));
    this.uncountedFailed = new LinkedHashSet<>(uncounted.strings("failed"));
    this.succeeded = status.integer("succeeded");
    this.failed = status.integer("failed");
  }

  Job job() {
    return new Job(stored);
  }

  void put(String field, String value) {
    base = base.with(field, value);
  }

  /// Puts the indexes that have succeeded and failed.
  void put(Indexes completed, Indexes lost) {
    succeeded = completed.size();
    String text = completed.toString();
    base = text.isEmpty() ? base.without("completedIndexes") : base.with("completedIndexes", text);
    if (job().hasLimitPerIndex()) {
      base = base.with("failedIndexes", lost.toString());
    }
  }

  /// Adds a condition, or changes it if it has another status. One that is not there stays away if
  /// it does not hold.
  ///
  /// @return whether anything changed
  boolean put(Struct condition) {
    String type = condition.string("type");
    for (int i = 0; i < conditions.size(); i++) {
      Struct present = conditions.get(i);
      if (present.string("type").equals(type)) {
        if (present.string("status").equals(condition.string("status"))) {
          return false;
        }
        conditions.set(i, condition);
        return true;
      }
    }
    return condition.string("status").equals("True") && conditions.add(condition);
  }

  /// Drops the uids of those whose finalizers are off, and counts them.
  ///
  /// @param tracked the uids of those that still carry it
  void count(Set<String> tracked) {
    succeeded += drop(uncountedSucceeded, tracked);
    failed += drop(uncountedFailed, tracked);
  }

  private static long drop(Set<String> uids, Set<String> tracked) {
    long before = uids.size();
    uids.retainAll(tracked);
    return before - uids.size();
  }

  boolean countsAll() {
    return uncountedSucceeded.isEmpty() && uncountedFailed.isEmpty();
  }

  /// Ends the Job.
  void end(Ending ending, Instant now) {
    put(ending.condition(ending.last(), now));
    if (ending.success()) {
      put("completionTime", Timestamps.seconds(now));
    }
  }

  private Struct status() {
    Struct uncounted =
        new StructBuilder()
            .addUnlessEmpty("succeeded", List.copyOf(uncountedSucceeded))
            .addUnlessEmpty("failed", List.copyOf(uncountedFailed))
            .build();
    Struct status =
        base.with("uncountedTerminatedPods", uncounted)
            .with("ready", ready)
            .with("terminating", terminating);
    status = count(status, "active", active);
    status = count(status, "succeeded", succeeded);
    status = count(status, "failed", failed);
    return conditions.isEmpty()
        ? status.without("conditions")
        : status.with("conditions", List.copyOf(conditions));
  }

  private static Struct count(Struct status, String field, long value) {
    return value == 0 ? status.without(field) : status.with(field, value);
  }

  /// Writes the status if it differs from what is stored.
  ///
  /// @return whether it did
  boolean write(Api api) {
    Struct status = status();
    if (status.equals(stored.struct("status"))) {
      return false;
    }
    stored = api.update(ApiResource.JOBS, stored.with("status", status), "status");
    return true;
  }
}
