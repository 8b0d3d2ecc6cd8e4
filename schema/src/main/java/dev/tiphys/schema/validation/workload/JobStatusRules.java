package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for how the status of a Job may go on. Most look only at what an update changes, so that
/// Jobs that were wrong before do not get stuck.
public final class JobStatusRules {

  private final FieldValue status;
  private final Struct now;
  private final Struct before;
  private final Struct spec;

  private JobStatusRules(FieldValue job, Struct before) {
    this.status = job.at("status");
    this.now = job.struct();
    this.before = before;
    this.spec = now.struct("spec");
  }

  public static void update(FieldValue now, Struct before) {
    JobStatusRules rules = new JobStatusRules(now, before);
    rules.numbers();
    rules.outcome();
    rules.times();
    rules.reasons();
    rules.end();
    rules.indexes();
    rules.success();
    rules.onward();
  }

  /// Whether the Job has a condition that holds.
  static boolean isTrue(Struct job, String condition) {
    return job.structs("status", "conditions").stream()
        .anyMatch(
            item -> item.string("type").equals(condition) && item.string("status").equals("True"));
  }

  private static boolean isFinished(Struct job) {
    return isTrue(job, "Complete") || isTrue(job, "Failed");
  }

  private boolean is(String condition) {
    return isTrue(now, condition);
  }

  private boolean was(String condition) {
    return isTrue(before, condition);
  }

  private boolean turned(String condition) {
    return is(condition) != was(condition);
  }

  private boolean changed(String field) {
    return !Equality.same(now.get("status", field), before.get("status", field));
  }

  private boolean finishedOrChanged(String field) {
    return isFinished(now) != isFinished(before) || changed(field);
  }

  private void conditions(boolean wrong, String detail) {
    if (wrong) {
      status.at("conditions").invalidUnshown(detail);
    }
  }

  private void numbers() {
    for (String field : List.of("active", "succeeded", "failed", "ready", "terminating")) {
      status.at(field).mustNotBeNegative();
    }
    Set<Object> seen = new HashSet<>();
    FieldValue uncounted = status.at("uncountedTerminatedPods");
    for (String field : List.of("succeeded", "failed")) {
      for (FieldValue uid : uncounted.at(field).items()) {
        if (uid.isEmpty()) {
          uid.invalid("must not be empty");
        } else {
          uid.mustBeNewIn(seen);
        }
      }
    }
  }

  private void outcome() {
    boolean completed = turned("Complete");
    conditions(
        (completed || turned("Failed")) && is("Complete") && is("Failed"),
        "cannot set Complete=True and Failed=true conditions");
    conditions(
        (completed || turned("FailureTarget")) && is("Complete") && is("FailureTarget"),
        "cannot set Complete=True and FailureTarget=true conditions");
  }

  private void times() {
    FieldValue end = status.at("completionTime");
    FieldValue start = status.at("startTime");
    if (turned("Complete") || changed("completionTime")) {
      if (end.isSet() && !is("Complete")) {
        end.invalid("cannot set completionTime when there is no Complete=True condition");
      }
      if (!end.isSet() && is("Complete")) {
        end.required("completionTime is required for Complete jobs");
      }
    }
    if ((changed("startTime") || changed("completionTime"))
        && start.isSet()
        && end.isSet()
        && Timestamps.parse(end.string()).isBefore(Timestamps.parse(start.string()))) {
      end.invalid("must be equal to or after `startTime`");
    }
  }

  private void reasons() {
    conditions(
        (turned("Failed") || changed("failedIndexes")) && is("Failed") && !is("FailureTarget"),
        "cannot set Failed=True condition without the FailureTarget=true condition");
    conditions(
        (turned("Complete") || turned("SuccessCriteriaMet"))
            && is("Complete")
            && !is("SuccessCriteriaMet"),
        "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
  }

  private void end() {
    if (!isFinished(now)) {
      return;
    }
    FieldValue active = status.at("active");
    if (finishedOrChanged("active") && active.integer() > 0) {
      active.invalid("active>0 is invalid for finished job");
    }
    boolean neverStarted =
        spec.bool("suspend") && spec.has("completions") && spec.integer("completions") == 0;
    if (finishedOrChanged("startTime") && !neverStarted && !status.at("startTime").isSet()) {
      status.at("startTime").required("startTime is required for finished job");
    }
    FieldValue uncounted = status.at("uncountedTerminatedPods");
    if (finishedOrChanged("uncountedTerminatedPods")
        && (!uncounted.at("succeeded").isEmpty() || !uncounted.at("failed").isEmpty())) {
      uncounted.invalidText(
          GoText.struct(uncounted.value(), JobRules.TYPES + "UncountedTerminatedPods"),
          "must be empty for finished job");
    }
  }

  private void indexes() {
    FieldValue completed = status.at("completedIndexes");
    FieldValue failed = status.at("failedIndexes");
    boolean limited = spec.has("backoffLimitPerIndex");
    boolean counted = spec.has("completions");
    long completions = spec.integer("completions");
    if (changed("completedIndexes") && counted) {
      JobIndexes.count(completed, completions);
    }
    if (changed("failedIndexes") && counted && limited) {
      JobIndexes.count(failed, completions);
    }
    if (changed("completedIndexes") && !completed.isEmpty() && !JobRules.isIndexed(spec)) {
      completed.invalid("cannot set non-empty completedIndexes when non-indexed completion mode");
    }
    if (changed("failedIndexes") && failed.isSet() && !limited) {
      failed.invalid("cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    }
    if ((changed("failedIndexes") || changed("completedIndexes")) && counted && failed.isSet()) {
      Long both = JobIndexes.common(completed.string(), failed.string(), completions);
      if (both != null) {
        failed.invalid("failedIndexes and completedIndexes overlap at index: " + both);
      }
    }
    FieldValue terminating = status.at("terminating");
    if (isFinished(now) && finishedOrChanged("terminating") && terminating.integer() > 0) {
      terminating.invalid("terminating>0 is invalid for finished job");
    }
    FieldValue ready = status.at("ready");
    if ((changed("ready") || changed("active"))
        && ready.isSet()
        && ready.integer() > status.at("active").integer()) {
      ready.invalid("cannot set more ready pods than active");
    }
  }

  private void success() {
    boolean met = is("SuccessCriteriaMet");
    conditions(
        met && is("Failed"), "cannot set SuccessCriteriaMet=True and Failed=true conditions");
    conditions(
        met && is("FailureTarget"),
        "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    conditions(
        spec.has("successPolicy") && !met && is("Complete"),
        "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
  }

  /// What is never taken back.
  private void onward() {
    for (String condition : List.of("Failed", "Complete", "FailureTarget")) {
      conditions(
          was(condition) && !is(condition),
          "cannot disable the terminal " + condition + "=True condition");
    }
    notLess("failed");
    boolean scales =
        JobRules.isIndexed(spec) && Equality.same(spec.get("completions"), spec.get("parallelism"));
    if (!scales) {
      notLess("succeeded");
    }
    FieldValue end = status.at("completionTime");
    if (end.isSet() && before.has("status", "completionTime")) {
      end.mustEqual(before.get("status", "completionTime"));
    }
    boolean resumes =
        was("Suspended")
            && now.structs("status", "conditions").stream()
                .anyMatch(
                    item ->
                        item.string("type").equals("Suspended")
                            && item.string("status").equals("False"));
    if (before.has("status", "startTime")
        && changed("startTime")
        && !resumes
        && !spec.bool("suspend")) {
      status.at("startTime").invalid("field is immutable for unsuspended job once set");
    }
    conditions(
        was("SuccessCriteriaMet") && !is("SuccessCriteriaMet"),
        "cannot disable the SuccessCriteriaMet=True condition");
    conditions(
        was("Complete") && !was("SuccessCriteriaMet") && is("SuccessCriteriaMet"),
        "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
  }

  private void notLess(String counter) {
    FieldValue count = status.at(counter);
    if (count.integer() < before.integer("status", counter)) {
      count.invalid(count.integer(), "cannot decrease the " + counter + " counter");
    }
  }
}
