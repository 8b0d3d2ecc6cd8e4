package dev.tiphys.controllers.job;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How long Jobs whose Pods fail wait until they make others. Known here alone: after a restart
/// there is no wait.
///
/// Threads: any.
final class Backoffs {

  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Record NONE = new Record(0, Instant.EPOCH);

  private final Map<ObjectKey, Record> records = new ConcurrentHashMap<>();

  /// The failures since a Pod succeeded.
  ///
  /// @param last when the last of them ended
  record Record(long failures, Instant last) {

    /// How long there is to wait yet.
    Duration left(Instant now) {
      return Backoffs.left(failures, last, now);
    }
  }

  /// @param failures how many there were; none for no wait
  /// @param last when the last of them was
  static Duration left(long failures, Instant last, Instant now) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration wait = FIRST;
    for (long i = 1; i < failures && wait.compareTo(LONGEST) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    Duration whole = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    Duration left = Duration.between(now, last.plus(whole));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// The record of a Job with what has ended since.
  Record with(ObjectKey key, List<Struct> succeeded, List<Struct> failed) {
    Record record = records.getOrDefault(key, NONE);
    List<Struct> all = new ArrayList<>(succeeded);
    all.addAll(failed);
    all.sort(Comparator.comparing(JobPods::finished));
    for (Struct pod : all) {
      record =
          JobPods.hasSucceeded(pod) ? NONE : new Record(record.failures + 1, JobPods.finished(pod));
    }
    return record;
  }

  /// Keeps a record, once what it holds has been written.
  void keep(ObjectKey key, Record record) {
    if (record.equals(NONE)) {
      records.remove(key);
    } else {
      records.put(key, record);
    }
  }

  void forget(ObjectKey key) {
    records.remove(key);
  }
}
