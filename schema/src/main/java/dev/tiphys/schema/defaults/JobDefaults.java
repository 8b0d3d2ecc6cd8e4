package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;

/// Defaults of Jobs and CronJobs.
final class JobDefaults {

  private static final long RETRIES = 6;
  private static final long NO_LIMIT = Integer.MAX_VALUE;

  private JobDefaults() {}

  static Struct job(Struct job) {
    Struct completed = Edits.in(job, "spec", spec -> jobSpec(WorkloadDefaults.template(spec)));
    return WorkloadDefaults.labelled(
        completed, completed.struct("spec", "template", "metadata", "labels"));
  }

  /// A template of Jobs is completed when a Job is made of it; its Pods are completed at once.
  static Struct cronJob(Struct cronJob) {
    return Edits.in(
        cronJob,
        "spec",
        spec ->
            Edits.in(
                spec,
                "jobTemplate",
                template -> Edits.in(template, "spec", WorkloadDefaults::template)));
  }

  private static Struct jobSpec(Struct spec) {
    Struct completed = spec;
    if (Edits.isAbsent(spec, "parallelism")) {
      completed = Edits.fill(completed, "completions", 1L).with("parallelism", 1L);
    }
    boolean perIndex = !Edits.isAbsent(spec, "backoffLimitPerIndex");
    completed = Edits.fill(completed, "backoffLimit", perIndex ? NO_LIMIT : RETRIES);
    completed = Edits.fill(completed, "completionMode", "NonIndexed");
    completed = Edits.fill(completed, "manualSelector", false);
    completed = Edits.fill(completed, "suspend", false);
    boolean failurePolicy = !Edits.isAbsent(spec, "podFailurePolicy");
    return Edits.fill(
        completed, "podReplacementPolicy", failurePolicy ? "Failed" : "TerminatingOrFailed");
  }
}
